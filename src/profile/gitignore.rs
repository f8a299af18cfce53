//! Whether git would commit a file: enough of gitignore(5) to decide about a warning.

use std::path::{Path, PathBuf};

/// Where in its git work tree `file` lies, which need not exist yet; `None` if it lies in none or is ignored there.
pub fn would_commit(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    let root = file
        .ancestors()
        .skip(1)
        .find(|at| at.join(".git").exists())?;
    // From the root down, so that the rule nearest to the file has the last word.
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
        let text = std::fs::read_to_string(rules).unwrap_or_default();
        let path = file.strip_prefix(directory).unwrap_or(&file);
        if let Some(verdict) = verdict(&text, &path.to_string_lossy().replace('\\', "/")) {
            ignored = verdict;
        }
    }
    let inside = file.strip_prefix(root).ok()?;
    (!ignored).then(|| inside.to_owned())
}

/// What the last fitting rule says about `path`, a file relative to where the rules lie.
fn verdict(rules: &str, path: &str) -> Option<bool> {
    rules.lines().rev().map(str::trim_end).find_map(|line| {
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (ignored, pattern) = match line.strip_prefix('!') {
            Some(rest) => (false, rest),
            None => (true, line),
        };
        fits(pattern, path).then_some(ignored)
    })
}

/// Whether `pattern` names `path` or a directory it is in.
fn fits(pattern: &str, path: &str) -> bool {
    let directory_only = pattern.ends_with('/');
    let pattern = pattern.trim_end_matches('/');
    let anchored = pattern.contains('/');
    let pattern = pattern.trim_start_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    let most = if directory_only {
        parts.len().saturating_sub(1)
    } else {
        parts.len()
    };
    (1..=most).any(|count| {
        let upto = parts.get(..count).unwrap_or_default();
        if anchored {
            glob(pattern.as_bytes(), upto.join("/").as_bytes())
        } else {
            upto.last()
                .is_some_and(|part| glob(pattern.as_bytes(), part.as_bytes()))
        }
    })
}

/// `*` within a path part, `**` across them, `?`. Character classes match nothing here, which only costs a warning.
/// All places the pattern can have reached are followed at once, so that no pattern takes long.
fn glob(mut pattern: &[u8], text: &[u8]) -> bool {
    let mut reached = vec![false; text.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    while let [first, rest @ ..] = pattern {
        let deep = rest.strip_prefix(b"*").filter(|_| *first == b'*');
        pattern = match deep {
            Some(rest) => rest.strip_prefix(b"/").unwrap_or(rest),
            None => rest,
        };
        // Whether the place before was reached, and the byte between it and this one.
        let mut before = (false, b'/');
        for (at, here) in reached.iter_mut().enumerate() {
            let was = *here;
            let (from, byte) = before;
            *here = match (first, deep) {
                (_, Some(_)) => was || from,
                (b'*', None) => was || (from && byte != b'/'),
                (b'?', None) => from && byte != b'/',
                (wanted, None) => from && byte == *wanted,
            };
            let spreads = *first == b'*';
            let next = text.get(at).copied().unwrap_or(b'/');
            before = (if spreads { *here } else { was }, next);
        }
    }
    reached.last() == Some(&true)
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
