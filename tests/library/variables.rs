//! One file names the variables that are read, and a page of the guide explains them.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::sources::{root, sources_below};

const NAMES: &str = "src/environment/names.rs";

fn declared() -> Vec<String> {
    let text = fs::read_to_string(root().join(NAMES)).unwrap();
    let pattern = Regex::new(r"(?m)^    ([A-Z][A-Z0-9_]+);$").unwrap();
    let found = pattern.captures_iter(&text);
    let declared: Vec<_> = found.map(|found| found[1].to_owned()).collect();
    assert!(declared.len() > 50, "{declared:?}");
    declared
}

fn page(topic: &str) -> &'static str {
    ksm::guide::Topic::named(topic).unwrap().text
}

#[test]
fn the_guide_explains_every_variable() {
    let page = page("variables");
    let is_missing = |name: &String| !page.contains(&format!("`{name}`"));
    let missing: Vec<_> = declared().into_iter().filter(is_missing).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn the_guide_explains_every_exit_code() {
    let text = fs::read_to_string(root().join("src/failure/class.rs")).unwrap();
    let pattern = Regex::new(r"(?m)^    [A-Z]\w+ = (\d+),$").unwrap();
    let codes: Vec<_> = pattern.captures_iter(&text).collect();
    assert_eq!(codes.len(), 9);
    for code in codes {
        let row = format!("\n| {} | ", &code[1]);
        assert!(page("exit-codes").contains(&row), "{row}");
    }
}

#[test]
fn a_variable_is_spelled_in_one_file() {
    let declared: HashSet<_> = declared().into_iter().collect();
    for source in sources_below("src", "rs") {
        let path = &source.path;
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests")
            || path.components().any(|part| part.as_os_str() == "tests");
        if path == Path::new(NAMES) || is_test {
            continue;
        }
        let code = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = code.split("#[cfg(all(test").next().unwrap_or_default();
        let between_quotes = code.split('"');
        let found: Vec<_> = between_quotes
            .filter(|piece| declared.contains(*piece))
            .collect();
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}
