//! `tests/PROMISES.md` names tests that are there, and no promise goes without a word.

use std::fs;
use std::path::Path;

use regex::Regex;

/// The last number of each chapter of promises.
const CHAPTERS: [(char, u32); 11] = [
    ('N', 10),
    ('C', 9),
    ('D', 8),
    ('T', 4),
    ('E', 6),
    ('O', 8),
    ('K', 5),
    ('S', 4),
    ('B', 3),
    ('R', 3),
    ('P', 4),
];

#[test]
fn every_promise_names_existing_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("tests/PROMISES.md")).unwrap();
    for (chapter, last) in &CHAPTERS {
        for number in 1..=*last {
            let row = format!("| {chapter}{number} |");
            assert_eq!(table.matches(&row).count(), 1, "{row}");
        }
    }
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
