//! Every reference to the developer's manual resolves, and nothing else is cited.
//!
//! References are looked for in `src`, `tests`, `.ci`, `.github` and the README. A comment, or a whole file that is no Rust, may
//! cite an id: `D16`, `N1`. Code is left out there, since `T1` may be a type and vectors are full of base64; `B64` is the
//! protocol's word for base64. `FIX 9`, `protocol 5.2` and `compatibility 2.2` are found anywhere in a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Where references stand.
const PLACES: [&str; 5] = ["src", "tests", ".ci", ".github", "README.md"];

/// Documents that came before the manual, and ways in which they were cited.
const OLD_FORMS: &str = r"(?x)
    (?:^|[^/A-Za-z0-9_-]) (?:protocol|decisions|cli-reference|performance|style)\.md
    | cli-reference
    | decisions?\ D[0-9]
    | security\ [A-Z][0-9]";

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `path` that hold text, with that text.
pub fn texts(path: &Path, found: &mut Vec<(PathBuf, String)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            texts(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_none_or(|end| end != "json") {
        found.extend(fs::read_to_string(path).map(|text| (path.to_owned(), text)));
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for place in PLACES {
        texts(&root().join(place), &mut found);
    }
    assert!(found.len() > 300, "{}", found.len());
    found
}

/// The comments of a Rust file; all of any other.
fn words(path: &Path, text: &str) -> String {
    if path.extension().is_none_or(|end| end != "rs") {
        return text.to_owned();
    }
    let comment = |line: &str| {
        let at = line.match_indices("//").map(|(at, _)| at);
        let start = at
            .into_iter()
            .find(|&at| at == 0 || line[..at].ends_with(char::is_whitespace));
        start.map(|at| line[at..].to_owned() + "\n")
    };
    text.lines().filter_map(comment).collect()
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

/// Finds references. Each pattern is compiled once.
struct Finder {
    ids: Regex,
    fixes: Regex,
    /// A citation may name several chapters, and may be broken at the end of a line.
    chapters: Regex,
}

impl Finder {
    fn new() -> Self {
        let numbers = r"(?:[0-9]+(?:\.[0-9]+)?|L)(?:(?:, | and | to | or )[0-9]+(?:\.[0-9]+)?)*";
        let chapters =
            format!(r"(?-u:\b)(protocol|compatibility|supervision)\s(?:///?!?\s)?({numbers})");
        Self {
            ids: Regex::new(r"(?-u:\b)[DNCFTEOKSBRP][1-9][0-9]?(?-u:\b)").unwrap(),
            fixes: Regex::new(r"(?-u:\b)FIX [0-9]+").unwrap(),
            chapters: Regex::new(&chapters).unwrap(),
        }
    }

    fn references(&self, path: &Path, text: &str) -> Vec<String> {
        let words = words(path, text);
        let ids = self.ids.find_iter(&words).map(|id| id.as_str());
        let fixes = self.fixes.find_iter(text).map(|fix| fix.as_str());
        let named = ids.filter(|id| *id != "B64").chain(fixes);
        let mut found: Vec<_> = named.map(str::to_owned).collect();
        let chapters = self.chapters.captures_iter(text);
        for (_, [page, numbers]) in chapters.map(|found| found.extract()) {
            let is_number =
                |word: &&str| word.starts_with(|c: char| c.is_ascii_digit() || c == 'L');
            let numbers = numbers.split([',', ' ']).filter(is_number);
            found.extend(numbers.map(|number| format!("{page} {number}")));
        }
        found
    }
}

#[test]
fn every_reference_has_a_heading() {
    let (targets, finder) = (all_targets(), Finder::new());
    assert!(targets.len() > 200, "{}", targets.len());
    let (mut lost, mut count) = (Vec::new(), 0);
    for (path, text) in sources() {
        let mut missing = finder.references(&path, &text);
        count += missing.len();
        missing.retain(|reference| !targets.contains(reference));
        lost.extend(
            missing
                .iter()
                .map(|reference| format!("{}: {reference}", path.display())),
        );
    }
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(count > 500, "{count}");
}

#[test]
fn no_other_document_is_cited() {
    let old = Regex::new(OLD_FORMS).unwrap();
    let mut found = Vec::new();
    for (path, text) in sources() {
        // This pattern, and the mounting of the pages.
        if path.ends_with("library/manual.rs") || path.ends_with("manual/mod.rs") {
            continue;
        }
        let lines = text.lines().filter(|line| old.is_match(line));
        found.extend(lines.map(|line| format!("{}: {}", path.display(), line.trim())));
    }
    assert!(found.is_empty(), "{found:#?}");
}
