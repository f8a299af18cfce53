//! The first pages of library and program list their modules, and each module uses only those below it.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

const PAGES: [&str; 2] = ["lib.rs", "main.rs"];

/// The names that `pattern` captures in `page`, in order.
fn names(page: &str, pattern: &str) -> Vec<String> {
    let text = fs::read_to_string(source(page)).unwrap();
    let pattern = Regex::new(pattern).unwrap();
    let found = pattern.captures_iter(&text);
    found.map(|found| found[1].to_owned()).collect()
}

fn listed(page: &str) -> Vec<String> {
    names(page, r"(?m)^//! - \[?`(\w+)`")
}

/// The code of a module without its tests.
fn code(path: &Path) -> String {
    if path.is_dir() {
        let entries = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let entries = entries.filter(|path| path.file_stem().is_none_or(|stem| stem != "tests"));
        return entries.map(|path| code(&path)).collect();
    }
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn the_first_page_lists_every_module() {
    for page in PAGES {
        let mut listed = listed(page);
        listed.sort();
        assert_eq!(listed, names(page, r"(?m)^(?:pub )?mod (\w+);"), "{page}");
    }
}

#[test]
fn each_module_uses_only_those_below_it() {
    let used = Regex::new(r"\bcrate::(?:\{([^}]*)\}|(\w+))").unwrap();
    for page in PAGES {
        let listed = listed(page);
        for (place, module) in listed.iter().enumerate() {
            let text = code(&source(module)) + &code(&source(&format!("{module}.rs")));
            assert!(!text.is_empty(), "{module}");
            for found in used.captures_iter(&text) {
                let several = found.get(1).map_or("", |names| names.as_str());
                let several = several
                    .split(',')
                    .filter_map(|name| name.trim().split(':').next());
                for name in several.chain(found.get(2).map(|name| name.as_str())) {
                    let at = listed.iter().position(|known| known == name);
                    assert!(at.is_none_or(|at| at >= place), "{module} uses {name}");
                }
            }
        }
    }
}
