//! Decides whether git would commit a file, by the part of gitignore(5) that a warning needs.

use std::path::{Path, PathBuf};

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
        Pattern::parse(pattern).matches(path).then_some(ignored)
    })
}

/// A pattern, which is matched in one pass however many wildcards it has. Character classes are taken literally, which
/// only costs a warning.
struct Pattern {
    tokens: Vec<Token>,
    /// Only a directory that the file lies in is meant.
    is_directory: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Token {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// `**`
    Any,
    /// The next two may be left out: any directories and their slash.
    Maybe,
}

impl Pattern {
    fn parse(pattern: &str) -> Self {
        const DIRECTORIES: [Token; 3] = [Token::Maybe, Token::Any, Token::Char('/')];
        let is_directory = pattern.ends_with('/');
        let pattern = pattern.trim_end_matches('/');
        let mut tokens = Vec::new();
        if !pattern.contains('/') {
            tokens.extend(DIRECTORIES);
        }
        let mut rest = pattern.trim_start_matches('/');
        while let Some(first) = rest.chars().next() {
            let (part, found): (&str, &[Token]) = match first {
                '*' if rest.starts_with("**/") => ("**/", &DIRECTORIES),
                '*' if rest.starts_with("**") => ("**", &[Token::Any]),
                '*' => ("*", &[Token::Many]),
                '?' => ("?", &[Token::One]),
                other => {
                    tokens.push(Token::Char(other));
                    rest = rest.strip_prefix(other).unwrap_or_default();
                    continue;
                }
            };
            tokens.extend(found);
            rest = rest.strip_prefix(part).unwrap_or_default();
        }
        Self {
            tokens,
            is_directory,
        }
    }

    /// Whether the pattern matches the path or the beginning of it that is a directory.
    fn matches(&self, path: &str) -> bool {
        let mut reached = vec![false; self.tokens.len() + 3];
        reached
            .first_mut()
            .into_iter()
            .for_each(|start| *start = true);
        let mut rest = path.chars().map(Some).chain([None]);
        rest.any(|next| {
            let mut after = vec![false; reached.len()];
            for (at, token) in self.tokens.iter().enumerate() {
                if !is_set(&reached, at) {
                    continue;
                }
                let is_in_name = next.is_some_and(|next| next != '/');
                let (skips, stays, goes_on) = match *token {
                    Token::Char(char) => (0, false, next == Some(char)),
                    Token::One => (0, false, is_in_name),
                    Token::Many => (1, is_in_name, false),
                    Token::Any => (1, next.is_some(), false),
                    Token::Maybe => (3, false, false),
                };
                set(&mut reached, at + 1, skips > 0);
                set(&mut reached, at + skips, skips > 0);
                set(&mut after, at, stays);
                set(&mut after, at + 1, goes_on);
            }
            let is_at_end = is_set(&reached, self.tokens.len());
            reached = after;
            is_at_end && (next == Some('/') || next.is_none() && !self.is_directory)
        })
    }
}

fn is_set(states: &[bool], at: usize) -> bool {
    states.get(at).copied().unwrap_or_default()
}

fn set(states: &mut [bool], at: usize, is_reached: bool) {
    if let Some(state) = states.get_mut(at) {
        *state |= is_reached;
    }
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
            ("a**b\n", "a/x/b", Some(true)),
            ("**/b\n", "b", Some(true)),
            ("*a*b*\n", "xxaxxbxx", Some(true)),
            ("*a*b*\n", "xxbxxa", None),
        ];
        for (rules, path, expected) in cases {
            assert_eq!(verdict(rules, path), expected, "{rules:?} {path}");
        }
    }

    #[test]
    fn many_rules_and_wildcards_take_no_long_time() {
        let started = std::time::Instant::now();
        let rules = "*a*a*a*a*b\n".repeat(20_000) + &"*".repeat(1 << 16);
        assert_eq!(verdict(&rules, &"a".repeat(60)), Some(true));
        let rules = "*a*a*a*a*b\n".repeat(20_000);
        assert_eq!(verdict(&rules, &"a".repeat(60)), None);
        assert!(started.elapsed().as_secs() < 20);
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
