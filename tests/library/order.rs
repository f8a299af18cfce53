//! The functions that come first in a release are still there: an old order helps less, and nobody would notice.

use std::fs;
use std::path::Path;

use regex::Regex;

const ORDER: &str = ".ci/artifacts/order/functions.txt";

fn text(path: &Path) -> String {
    if path.is_dir() {
        let inside = fs::read_dir(path).unwrap();
        return inside.map(|entry| text(&entry.unwrap().path())).collect();
    }
    let is_rust = path.extension().is_some_and(|end| end == "rs");
    match is_rust {
        true => fs::read_to_string(path).unwrap(),
        false => String::new(),
    }
}

/// The name of a function of ours, without its path and the `types` that it is made for. `None` for one that a derive or a
/// trait of others named.
fn name(line: &str, types: &Regex) -> Option<String> {
    let is_ours = line.trim_start_matches('<').starts_with("ksm");
    if !is_ours || line.contains(" as ") {
        return None;
    }
    let mut plain = line.replace("->", "");
    while types.is_match(&plain) {
        plain = types.replace_all(&plain, "").into_owned();
    }
    let mut words = plain.rsplit("::").map(str::trim);
    let last = words.find(|word| !word.is_empty() && !word.starts_with('{'))?;
    Some(last.to_owned())
}

#[test]
fn the_order_names_functions_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = text(&root.join("src"));
    let declared = Regex::new(r"\bfn (\w+)").unwrap();
    let declared: std::collections::HashSet<_> = declared
        .captures_iter(&source)
        .map(|found| found[1].to_owned())
        .collect();
    let types = Regex::new("<[^<>]*>").unwrap();
    let order = fs::read_to_string(root.join(ORDER)).unwrap();
    let names: Vec<_> = order
        .lines()
        .filter_map(|line| name(line, &types))
        .collect();
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !declared.contains(*name))
        .collect();
    assert!(names.len() > 200, "{ORDER}: {}", names.len());
    assert!(
        missing.len() * 10 < names.len(),
        "`tests/bench/counts.py` renews {ORDER}, which is without {missing:?}"
    );
}
