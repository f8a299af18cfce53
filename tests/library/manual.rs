//! Every reference to the developer's manual resolves, and nothing else is cited.
//!
//! References are looked for in `src`, `tests`, `.ci`, `.github` and the README. A comment, or a whole file that is no Rust, may
//! cite an id: `D16`, `N1`. Code is left out there, since `T1` may be a type and vectors are full of base64; `B64` is the
//! protocol's word for base64. `FIX 9`, `protocol 5.2` and `compatibility 2.2` are found anywhere in a file.

use std::collections::BTreeSet;
use std::fs;

use memchr::memmem;
use regex::Regex;

use crate::sources::{Source, behind, contains, root, sources};

/// Documents that came before the manual, and ways in which they were cited.
const OLD_FORMS: &str = r"(?x)
    (?:^|[^/A-Za-z0-9_-]) (?:protocol|decisions|cli-reference|performance|style)\.md
    | cli-reference
    | decisions?\ D[0-9]
    | security\ [A-Z][0-9]";

/// Each of `OLD_FORMS` holds one of these words, which are found faster.
const OLD_WORDS: [&str; 4] = [".md", "cli-reference", "decision", "security "];

/// The comments of a Rust file; all of any other.
fn words(source: &Source) -> Vec<&str> {
    let text = source.text.as_str();
    if !source.has_ending("rs") {
        return vec![text];
    }
    let mut end = 0;
    let comment = |at| {
        let begins = at == 0 || text[..at].ends_with(char::is_whitespace);
        let comment = text[at..].lines().next();
        let comment = comment.filter(|_| begins && at >= end)?;
        end = at + comment.len();
        Some(comment)
    };
    let slashes = memmem::find_iter(text.as_bytes(), "//");
    slashes.filter_map(comment).collect()
}

/// The headings and rows of a page, as they are cited.
fn targets(page: &str, pattern: &str, cited_as: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("src/manual").join(page)).unwrap();
    let headings = Regex::new(pattern).unwrap();
    let found = headings.captures_iter(&text);
    found
        .map(|found| format!("{cited_as}{}", &found[1]))
        .collect()
}

fn all_targets() -> BTreeSet<String> {
    let chapter = r"(?m)^##+ (\d+(?:\.\d+)?|L)\.? ";
    [
        targets("decisions.md", r"(?m)^## (D\d+)\. ", ""),
        targets("promises.md", r"(?m)^### ([A-Z]\d+)\. ", ""),
        targets("compatibility.md", r"(?m)^\| (FIX \d+) \|", ""),
        targets("protocol.md", chapter, "protocol "),
        targets("compatibility.md", chapter, "compatibility "),
        targets("supervision.md", chapter, "supervision "),
    ]
    .concat()
    .into_iter()
    .collect()
}

/// Whether a word is such as `D16`.
fn is_id(word: &[u8]) -> bool {
    let is_of_list = |letter| b"DNCFTEOKSBRP".contains(letter);
    match word {
        b"B64" => false,
        [letter, b'1'..=b'9'] | [letter, b'1'..=b'9', b'0'..=b'9'] => is_of_list(letter),
        _ => false,
    }
}

fn ids(words: &str) -> impl Iterator<Item = String> {
    let is_between = |byte: &u8| !(byte.is_ascii_alphanumeric() || *byte == b'_');
    let ids = words
        .as_bytes()
        .split(is_between)
        .filter(|word| is_id(word));
    ids.map(|id| String::from_utf8_lossy(id).into_owned())
}

fn fixes(text: &str) -> impl Iterator<Item = String> {
    let numbers = behind(text, "FIX ").map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit());
        &rest[..end.unwrap_or(rest.len())]
    });
    let numbers = numbers.filter(|number| !number.is_empty());
    numbers.map(|number| format!("FIX {number}"))
}

/// The numbers of chapters behind the name of a page. Several may be cited at once, and broken at the end of a line.
fn numbers() -> Regex {
    let number = r"[0-9]+(?:\.[0-9]+)?";
    let several = format!(r"^\s(?:///?!?\s)?((?:{number}|L)(?:(?:, | and | to | or ){number})*)");
    Regex::new(&several).unwrap()
}

fn chapters(text: &str, numbers: &Regex) -> impl Iterator<Item = String> {
    let pages = ["protocol", "compatibility", "supervision"];
    let cited = pages.into_iter().flat_map(|page| {
        let cited = behind(text, page).filter_map(|rest| numbers.captures(rest));
        cited.map(move |cited| (page, cited.extract::<1>().1[0]))
    });
    cited.flat_map(|(page, numbers)| {
        let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit() || c == 'L');
        let numbers = numbers.split([',', ' ']).filter(is_number);
        numbers.map(move |number| format!("{page} {number}"))
    })
}

#[test]
fn every_reference_has_a_heading() {
    let (targets, numbers) = (all_targets(), numbers());
    assert!(targets.len() > 200, "{}", targets.len());
    let (mut lost, mut count) = (Vec::new(), 0);
    for source in sources() {
        let text = source.text.as_str();
        let ids = words(source).into_iter().flat_map(ids);
        for reference in ids.chain(fixes(text)).chain(chapters(text, &numbers)) {
            count += 1;
            if !targets.contains(&reference) {
                lost.push(format!("{}: {reference}", source.path.display()));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(count > 500, "{count}");
}

#[test]
fn no_other_document_is_cited() {
    let old = Regex::new(OLD_FORMS).unwrap();
    let mut found = Vec::new();
    for Source { path, text } in sources() {
        // This pattern, and the mounting of the pages.
        if path.ends_with("library/manual.rs") || path.ends_with("manual/mod.rs") {
            continue;
        }
        let mut words = OLD_WORDS.to_vec();
        words.retain(|word| contains(text, word));
        let has_word = |line: &str| words.iter().any(|word| contains(line, word));
        let lines = text.lines();
        let lines = lines.filter(|line| has_word(line) && old.is_match(line));
        found.extend(lines.map(|line| format!("{}: {}", path.display(), line.trim())));
    }
    assert!(found.is_empty(), "{found:#?}");
}
