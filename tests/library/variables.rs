//! One file names the variables that are read.

use std::fs;

use regex::Regex;

use crate::manual::{root, texts};

#[test]
fn a_variable_is_spelled_in_one_file() {
    let names = root().join("src/environment/names.rs");
    let declared = fs::read_to_string(&names).unwrap();
    let declared = Regex::new(r"(?m)^    ([A-Z][A-Z0-9_]+);$")
        .unwrap()
        .captures_iter(&declared)
        .map(|found| regex::escape(&found[1]))
        .collect::<Vec<_>>();
    assert!(declared.len() > 50, "{declared:?}");
    let spelled = Regex::new(&format!("\"({})\"", declared.join("|"))).unwrap();
    let mut sources = Vec::new();
    texts(&root().join("src"), &mut sources);
    for (path, text) in sources {
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests")
            || path.components().any(|part| part.as_os_str() == "tests");
        if path == names || is_test || path.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = code.split("#[cfg(all(test").next().unwrap_or_default();
        let found: Vec<_> = spelled
            .find_iter(code)
            .map(|found| found.as_str())
            .collect();
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}
