//! The manual's table of limits is the one of the source.

use std::collections::BTreeMap;
use std::fs;

use regex::Regex;

use crate::sources::root;

/// Each constant as the manual writes it.
fn in_source() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join("src/limits.rs")).unwrap();
    let constant = Regex::new(r"pub const ([A-Z_]+): [A-Za-z0-9]+ =\s+([^;]+);").unwrap();
    let call = Regex::new(r"^(?:Self|Duration)::(\w+)\((\d+)[,)]").unwrap();
    let units = [
        ("mib", " MiB"),
        ("kib", " KiB"),
        ("from_hours", " h"),
        ("from_secs", " s"),
        ("from_millis", " ms"),
    ];
    let value = |written: &str| match call.captures(written) {
        Some(found) => {
            let unit = units.iter().find(|(name, _)| *name == &found[1]).unwrap().1;
            format!("{}{unit}", &found[2])
        }
        None => written.replace('_', ""),
    };
    let found = constant.captures_iter(&text);
    found
        .map(|found| (found[1].to_owned(), value(&found[2])))
        .collect()
}

#[test]
fn the_manual_lists_every_limit() {
    let text = fs::read_to_string(root().join("src/manual/limits.md")).unwrap();
    let row = Regex::new(r"(?m)^\| `([A-Z_]+)` \| ([^|]+) \|").unwrap();
    let found = row.captures_iter(&text);
    let listed: BTreeMap<_, _> = found
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect();
    let constants = in_source();
    assert!(constants.len() > 40, "{constants:#?}");
    assert_eq!(listed, constants);
}
