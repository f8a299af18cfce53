//! `tests/PROMISES.md` has a row for each promise of the manual, and names tests that exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

/// What the last table of `tests/PROMISES.md` is about.
const KINDS: [&str; 8] = [
    "files and other people",
    "inputs without end",
    "text of others",
    "values, and what could be lost",
    "programs that are stayed with",
    "other machines",
    "every command",
    "every parser and cipher",
];

#[test]
fn every_kind_of_trouble_names_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("tests/PROMISES.md")).unwrap();
    let (_, kinds) = table.split_once("\n## Kinds of trouble\n").unwrap();
    let rows = kinds.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = rows.skip(1).map(|row| row.split(" | ").collect::<Vec<_>>());
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), KINDS);
    for row in rows {
        assert!(row[1].matches("::").count() > 1, "{row:?}");
    }
}

#[test]
fn every_promise_names_existing_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path| fs::read_to_string(root.join(path)).unwrap();
    let (manual, table) = (read("src/manual/promises.md"), read("tests/PROMISES.md"));
    let ids = |pattern: &str, text: &str| -> Vec<String> {
        let ids = Regex::new(pattern).unwrap();
        let found = ids.captures_iter(text).map(|id| id[1].to_owned());
        found.collect()
    };
    let promised = ids(r"(?m)^### ([A-Z]\d+)\. ", &manual);
    let rows = ids(r"(?m)^\| ([A-Z]\d+) \|", &table);
    assert_eq!(promised, rows, "promises of the manual, and rows here");
    assert_eq!(promised.iter().collect::<BTreeSet<_>>().len(), rows.len());
    let named = Regex::new(r"`([\w/.]+)::(\w+)`").unwrap();
    let mut tests = 0;
    for (_, [file, test]) in named.captures_iter(&table).map(|found| found.extract()) {
        let places =
            ["tests", "tests/cli", "tests/library", "."].map(|folder| root.join(folder).join(file));
        let source = places.iter().find_map(|path| fs::read_to_string(path).ok());
        let source = source.unwrap_or_else(|| panic!("there is no {file}"));
        let defined = [format!("fn {test}("), format!("def {test}(")];
        assert!(
            defined.iter().any(|line| source.contains(line)),
            "{file} has no {test}"
        );
        tests += 1;
    }
    assert!(tests > 100, "{tests}");
}
