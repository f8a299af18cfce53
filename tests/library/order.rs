//! The functions that come first in a release are still there: an old order helps less, and nobody would notice.

use std::collections::HashSet;
use std::fs;

use crate::sources::{behind, first_word, outside, root, sources_below};

const ORDER: &str = ".ci/artifacts/order/functions.txt";

/// The name of a function of ours, without its path and the types that it is made for. `None` for one that a derive or a
/// trait of others named.
fn name(line: &str) -> Option<String> {
    let is_ours = line.trim_start_matches('<').starts_with("ksm");
    if !is_ours || line.contains(" as ") {
        return None;
    }
    let plain = outside(&line.replace("->", ""), '<', '>');
    let mut words = plain.rsplit("::").map(str::trim);
    let last = words.find(|word| !word.is_empty() && !word.starts_with('{'))?;
    Some(last.to_owned())
}

#[test]
fn the_order_names_functions_that_are_there() {
    let declared: HashSet<_> = sources_below("src", "rs")
        .flat_map(|source| behind(&source.text, "fn "))
        .map(first_word)
        .collect();
    let order = fs::read_to_string(root().join(ORDER)).unwrap();
    let names: Vec<_> = order.lines().filter_map(name).collect();
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !declared.contains(name.as_str()))
        .collect();
    assert!(names.len() > 200, "{ORDER}: {}", names.len());
    assert!(
        missing.len() * 10 < names.len(),
        "`tests/bench/counts.py` renews {ORDER}, which is without {missing:?}"
    );
}
