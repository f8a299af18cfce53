//! The first page of each crate lists its modules, and each module uses only those below it. The manual draws
//! the library in layers, and each module uses only the layers below its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::sources::{Source, behind, first_word, outside, root, sources_below};

const PAGES: [&str; 3] = ["lib.rs", "main.rs", "kernels/lib.rs"];

fn source(path: &str) -> PathBuf {
    root().join("src").join(path)
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

/// The code of a file without its tests.
fn code(source: &Source) -> String {
    let code = source.text.split("#[cfg(test)]\nmod tests {").next();
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let lines = code.unwrap().split_inclusive('\n');
    lines.filter(is_code).collect()
}

/// The modules of its crate that some code uses.
fn used(code: &str) -> BTreeSet<String> {
    let single = behind(code, "crate::").map(first_word);
    let mut used: BTreeSet<_> = single.map(str::to_owned).collect();
    let several = behind(code, "use crate::{").filter_map(|rest| rest.split_once("};"));
    for (list, _) in several {
        let list = outside(list, '{', '}');
        let paths = list.split(',').map(str::trim);
        used.extend(paths.map(|path| first_word(path).to_owned()));
    }
    used
}

/// What the modules beside `page` use, each of the others.
fn uses(page: &str) -> BTreeMap<&'static str, BTreeSet<String>> {
    let folder = Path::new("src").join(page).with_file_name("");
    let stem = |name: &'static OsStr| Path::new(name).file_stem().and_then(OsStr::to_str);
    let mut uses: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for source in sources_below("src", "rs") {
        let inside = source.path.strip_prefix(&folder);
        let mut names = inside.iter().flat_map(|path| path.iter()).filter_map(stem);
        if let Some(module) = names.next()
            && names.all(|name| name != "tests")
        {
            uses.entry(module).or_default().extend(used(&code(source)));
        }
    }
    for (module, used) in &mut uses {
        used.remove(*module);
    }
    uses
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
        let (listed, uses) = (listed(page), uses(page));
        for (place, module) in listed.iter().enumerate() {
            let used = uses.get(module.as_str());
            let used = used.unwrap_or_else(|| panic!("{module} has no code"));
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
    let uses = uses("lib.rs");
    for (at, line) in lines.iter().enumerate() {
        let not_below = lines[..=at].concat();
        for module in line {
            let used = &uses[module.as_str()];
            let wrong = not_below.iter().filter(|other| used.contains(*other));
            assert_eq!(wrong.collect::<Vec<_>>(), [""; 0], "{module} uses those");
        }
    }
}
