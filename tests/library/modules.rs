//! The first page of each crate lists its modules, and each module uses only those below it. The manual draws
//! the library in layers, and each module uses only the layers below its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

const PAGES: [&str; 3] = ["lib.rs", "main.rs", "kernels/lib.rs"];

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

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

fn declared(page: &str) -> Vec<String> {
    names(page, r"(?m)^(?:pub )?mod (\w+);")
}

/// The lines of the manual's drawing, each with the modules on it.
fn drawn() -> Vec<Vec<String>> {
    let manual = fs::read_to_string(source("manual/architecture.md")).unwrap();
    let chapter = manual.split("## The layers").nth(1).unwrap();
    let drawing = chapter.split("```").nth(1).unwrap();
    let modules = declared("lib.rs");
    let line = |line: &str| -> Vec<String> {
        let words = line.split_whitespace().map(str::to_owned);
        words.filter(|word| modules.contains(word)).collect()
    };
    drawing.lines().map(line).collect()
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
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    code.split_inclusive('\n').filter(is_code).collect()
}

/// The modules of its crate that a module uses, whose list is `page`.
fn used(page: &str, module: &str) -> BTreeSet<String> {
    let beside = |name: &str| code(&source(page).with_file_name(name));
    let code = beside(module) + &beside(&format!("{module}.rs"));
    assert!(!code.is_empty(), "{module}");
    let single = Regex::new(r"(?-u:\b)crate::([a-z_]+)").unwrap();
    let several = Regex::new(r"use crate::\{([^;]*)\};").unwrap();
    let within = Regex::new(r"::\{[^{}]*\}|::[A-Za-z_]+").unwrap();
    let found = single.captures_iter(&code);
    let mut used: BTreeSet<_> = found.map(|found| found[1].to_owned()).collect();
    for list in several.captures_iter(&code) {
        let mut names = list[1].to_owned();
        while within.is_match(&names) {
            names = within.replace_all(&names, "").into_owned();
        }
        used.extend(names.split(',').map(|name| name.trim().to_owned()));
    }
    used.remove(module);
    used
}

#[test]
fn the_first_page_lists_every_module() {
    for page in PAGES {
        let mut listed = listed(page);
        listed.sort();
        assert_eq!(listed, declared(page), "{page}");
    }
}

#[test]
fn each_module_uses_only_those_below_it() {
    for page in PAGES {
        let listed = listed(page);
        for (place, module) in listed.iter().enumerate() {
            let used = used(page, module);
            let above = listed[..place].iter().filter(|above| used.contains(*above));
            assert_eq!(above.collect::<Vec<_>>(), [""; 0], "{module} uses those");
        }
    }
}

#[test]
fn the_manual_draws_every_module_above_those_it_uses() {
    let lines = drawn();
    let mut all = lines.concat();
    all.extend(["guide", "manual"].map(str::to_owned));
    all.sort();
    assert_eq!(all, declared("lib.rs"));
    for (at, line) in lines.iter().enumerate() {
        let not_below = lines[..=at].concat();
        for module in line {
            let used = used("lib.rs", module);
            let wrong = not_below.iter().filter(|other| used.contains(*other));
            assert_eq!(wrong.collect::<Vec<_>>(), [""; 0], "{module} uses those");
        }
    }
}
