//! Decides whether git would commit a file, by the part of gitignore(5) that a warning needs.

use std::path::{Path, PathBuf};

use crate::input::{self, Limit};

/// The path of `file`, which need not exist, within its git work tree. `None` outside a work tree, and for ignored files.
pub fn would_commit(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    let directory = file.parent().and_then(|at| at.canonicalize().ok());
    let file = directory.map_or(file.clone(), |at| {
        at.join(file.file_name().unwrap_or_default())
    });
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
    let path: Vec<&str> = path.split('/').collect();
    rules.lines().rev().map(str::trim_end).find_map(|line| {
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (ignored, pattern) = match line.strip_prefix('!') {
            Some(rest) => (false, rest),
            None => (true, line),
        };
        names(pattern, &path).then_some(ignored)
    })
}

/// Whether the pattern names the path or the beginning of it that is a directory. Character classes are taken literally,
/// which only costs a warning.
fn names(pattern: &str, path: &[&str]) -> bool {
    let bare = pattern.trim_end_matches('/');
    let (prefix, is_directory) = match bare.contains('/') {
        true => (None, bare != pattern),
        false => (Some("**"), bare != pattern),
    };
    let parts = bare.trim_start_matches('/').split('/');
    let parts: Vec<&str> = prefix.into_iter().chain(parts).collect();
    let ends = 1..path.len() + usize::from(!is_directory);
    ends.filter_map(|end| path.get(..end)).any(|path| {
        is_like(
            &parts,
            path,
            |part| *part == "**",
            |part, name| {
                let (part, name): (Vec<_>, Vec<_>) =
                    (part.chars().collect(), name.chars().collect());
                is_like(
                    &part,
                    &name,
                    |c| *c == '*',
                    |c, other| *c == '?' || c == other,
                )
            },
        )
    })
}

/// Whether the pattern matches all items, where some of it stands for any number of them. Only the last of those is tried
/// again, so the time is at most the product of both lengths.
fn is_like<P, T>(
    pattern: &[P],
    items: &[T],
    is_many: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut retry = None;
    while let Some(item) = items.get(next) {
        match (pattern.get(at), retry) {
            (Some(part), _) if is_many(part) => {
                at += 1;
                retry = Some((at, next));
            }
            (Some(part), _) if fits(part, item) => (at, next) = (at + 1, next + 1),
            (_, Some((after, from))) => {
                (at, next) = (after, from + 1);
                retry = Some((at, next));
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(at).all(is_many)
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
            ("a**b\n", "a/x/b", None),
            ("a**b\n", "axxb", Some(true)),
            ("a/**\n", "a/x/b", Some(true)),
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
