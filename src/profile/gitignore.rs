//! Decides whether git would commit a file, by the part of gitignore(5) that a warning needs.

use std::path::{Path, PathBuf};

use regex::Regex;

use crate::input::{self, Limit};

/// The path of `file`, which need not exist, within its git work tree. `None` outside a work tree, and for ignored files.
pub fn would_commit(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    let root = file
        .ancestors()
        .skip(1)
        .find(|at| at.join(".git").exists())?;
    // The rules nearest to the file have the last word.
    let mut directories: Vec<&Path> = file
        .ancestors()
        .skip(1)
        .take_while(|at| at.starts_with(root))
        .collect();
    directories.reverse();
    let exclude = root.join(".git/info/exclude");
    let rules = std::iter::once((root, exclude)).chain(
        directories
            .into_iter()
            .map(|directory| (directory, directory.join(".gitignore"))),
    );
    let mut ignored = false;
    for (directory, rules) in rules {
        let text = input::regular_file(&rules, Limit::GITIGNORE).and_then(input::text);
        let text = text.unwrap_or_default();
        let path = file.strip_prefix(directory).unwrap_or(&file);
        if let Some(verdict) = verdict(text.expose(), &path.to_string_lossy().replace('\\', "/")) {
            ignored = verdict;
        }
    }
    let inside = file.strip_prefix(root).ok()?;
    (!ignored).then(|| inside.to_owned())
}

/// The last rule that names `path`, relative to the directory of the rules, or a directory it lies in.
fn verdict(rules: &str, path: &str) -> Option<bool> {
    rules.lines().rev().map(str::trim_end).find_map(|line| {
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (ignored, pattern) = match line.strip_prefix('!') {
            Some(rest) => (false, rest),
            None => (true, line),
        };
        matcher(pattern)?.is_match(path).then_some(ignored)
    })
}

/// Character classes are taken literally, which only costs a warning.
fn matcher(pattern: &str) -> Option<Regex> {
    const WILDCARDS: [(&str, &str); 4] = [
        ("**/", "(?:.*/)?"),
        ("**", ".*"),
        ("*", "[^/]*"),
        ("?", "[^/]"),
    ];
    let end = if pattern.ends_with('/') {
        "/"
    } else {
        "(?:/|$)"
    };
    let pattern = pattern.trim_end_matches('/');
    let start = if pattern.contains('/') {
        ""
    } else {
        "(?:.*/)?"
    };
    let mut rest = pattern.trim_start_matches('/');
    let mut middle = String::new();
    while let Some(first) = rest.chars().next() {
        let found = WILDCARDS.iter().find_map(|(wildcard, regex)| {
            Some((rest.strip_prefix(wildcard)?, (*regex).to_owned()))
        });
        let literal = || {
            (
                rest.strip_prefix(first).unwrap_or_default(),
                regex::escape(first.encode_utf8(&mut [0; 4])),
            )
        };
        let (behind, regex) = found.unwrap_or_else(literal);
        middle.push_str(&regex);
        rest = behind;
    }
    Regex::new(&format!("(?s)^{start}{middle}{end}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_fitting_rule_decides() {
        let cases = [
            ("keeper.ini\n", "keeper.ini", Some(true)),
            ("keeper.ini\n", "a/keeper.ini", Some(true)),
            ("/keeper.ini\n", "a/keeper.ini", None),
            ("*.ini\n", "a/keeper.ini", Some(true)),
            ("*.ini\n!keeper.ini\n", "keeper.ini", Some(false)),
            ("# keeper.ini\n\n", "keeper.ini", None),
            ("a/\n", "a/keeper.ini", Some(true)),
            ("keeper.ini/\n", "keeper.ini", None),
            ("a/*\n", "a/keeper.ini", Some(true)),
            ("a/**/keeper.ini", "a/b/c/keeper.ini", Some(true)),
            ("**/keeper.ini", "keeper.ini", Some(true)),
            ("keeper.in?\r\n", "keeper.ini", Some(true)),
            ("a.b+\n", "aXb+", None),
        ];
        for (rules, path, expected) in cases {
            assert_eq!(verdict(rules, path), expected, "{rules:?} {path}");
        }
    }

    #[test]
    fn only_a_work_tree_is_looked_at() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("sub/keeper.ini");
        std::fs::create_dir(home.path().join("sub")).unwrap();
        assert_eq!(would_commit(&file), None);
        std::fs::create_dir(home.path().join(".git")).unwrap();
        assert_eq!(would_commit(&file).unwrap(), Path::new("sub/keeper.ini"));
        std::fs::write(home.path().join(".gitignore"), "keeper.ini*\n").unwrap();
        assert_eq!(would_commit(&file), None);
    }
}
