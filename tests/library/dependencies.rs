//! The manual says for each crate that the two manifests name what it is for.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;

use crate::sources::root;

#[test]
fn the_manual_explains_every_dependency() {
    let found = |path: &str, row: &str| -> BTreeSet<String> {
        let text = fs::read_to_string(root().join(path)).unwrap();
        let text = text
            .split_once("dependencies]\n")
            .map_or(&*text, |(_, behind)| behind);
        let end = Regex::new(r"\n\[(\[test|lints)").unwrap();
        let text = end.split(text).next().unwrap();
        let row = Regex::new(row).unwrap();
        row.captures_iter(text)
            .map(|row| row[1].to_owned())
            .collect()
    };
    let named = |manifest| found(manifest, r"(?m)^([\w-]+) = ");
    let named = &named("Cargo.toml") | &named("src/kernels/Cargo.toml");
    assert!(named.len() > 45, "{named:#?}");
    let explained = found("src/manual/dependencies.md", r"(?m)^\| `([\w-]+)` \| \S");
    assert_eq!(explained, named);
}
