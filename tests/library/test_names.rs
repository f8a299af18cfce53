//! Test functions are named by sentences of nine words at most.

use crate::sources::{Source, behind, first_word, sources};

/// The attributes of tests, without their ends.
const ATTRIBUTES: [&str; 2] = ["#[test", "#[tokio::test"];

fn names(source: &Source) -> Vec<&str> {
    let text = source.text.as_str();
    if source.has_ending("py") {
        let functions = text
            .lines()
            .filter_map(|line| line.strip_prefix("def test_"));
        return functions.map(first_word).collect();
    }
    let attributes = ATTRIBUTES.iter().flat_map(|start| behind(text, start));
    let functions = attributes.filter_map(|rest| rest.split_once("fn "));
    functions
        .map(|(_, function)| first_word(function))
        .collect()
}

#[test]
fn test_names_have_at_most_nine_words() {
    let mut count = 0;
    let is_code = |source: &&Source| source.has_ending("rs") || source.has_ending("py");
    for source in sources().filter(is_code) {
        for name in names(source) {
            let words = name.split('_').count();
            assert!(
                words <= 9,
                "{}: {name} has {words} words",
                source.path.display()
            );
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}
