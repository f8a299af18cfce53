//! The search of Windows, and its words. Both are functions of what is given, so that every system tests them.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::environment::names;

/// The endings of what the system starts, in the order of its own `PATHEXT`. That of a user may name scripts of other
/// programs, too, which only a shell starts.
const ENDINGS: [&str; 4] = [".com", ".exe", ".bat", ".cmd"];

/// The paths at which a program of this name may be. A name with a separator in it is a path. The current directory is
/// searched neither by itself nor for an entry of `PATH` that is empty or relative: a stranger may have put a program there.
pub(super) fn candidates<'v>(
    name: &OsStr,
    variables: &impl Fn(&'static str) -> Option<&'v OsStr>,
) -> Vec<PathBuf> {
    if name.is_empty() {
        return Vec::new();
    }
    let names = names_of(name, variables(names::PATHEXT));
    if name.to_string_lossy().contains(['/', '\\', ':']) {
        return names.into_iter().map(PathBuf::from).collect();
    }
    let folders: Vec<_> = match variables(names::PATH) {
        Some(search) => env::split_paths(search).collect(),
        None => {
            let system = variables(names::SYSTEMROOT);
            system
                .map(|system| Path::new(system).join("System32"))
                .into_iter()
                .collect()
        }
    };
    let folders = folders.into_iter().filter(|folder| folder.is_absolute());
    folders
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .collect()
}

/// The names of files that a name stands for. The name itself comes first only if it ends as a program does: without an
/// ending it is often the same program for another system.
fn names_of(name: &OsStr, endings: Option<&OsStr>) -> Vec<OsString> {
    let endings = endings.map(|endings| endings.to_string_lossy().to_lowercase());
    let endings = endings.unwrap_or_default();
    let mut known: Vec<&str> = endings
        .split(';')
        .map(str::trim)
        .filter(|ending| ENDINGS.contains(ending))
        .collect();
    if known.is_empty() {
        known.extend(ENDINGS);
    }
    let longer = known.into_iter().map(|ending| {
        let mut longer = name.to_owned();
        longer.push(ending);
        longer
    });
    let itself = [name.to_owned()];
    match ends_as_program(name) {
        true => itself.into_iter().chain(longer).collect(),
        false => longer.chain(itself).collect(),
    }
}

fn ends_as_program(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// A file of another name than programs have is one if it begins as they do.
pub(super) fn is_runnable(path: &Path) -> bool {
    path.is_file() && (ends_as_program(path.as_os_str()) || is_binary(path))
}

fn is_binary(path: &Path) -> bool {
    use std::io::Read;

    let mut start = [0; 2];
    let read = crate::input::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"MZ"
}

/// Takes a line apart as programs do that Microsoft's compiler made: blanks separate, double quotes hold together, and a
/// backslash is one unless a quote follows.
pub(super) fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' if !is_quoted => words.extend(word.take()),
            '\\' => {
                let mut count = 1;
                while rest.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                let word = word.get_or_insert_default();
                let is_before_quote = rest.peek() == Some(&'"');
                let kept = if is_before_quote { count / 2 } else { count };
                word.extend(std::iter::repeat_n('\\', kept));
                if is_before_quote && count % 2 == 1 {
                    word.extend(rest.next());
                }
            }
            // Two within quotes are one.
            '"' if is_quoted && rest.next_if_eq(&'"').is_some() => {
                word.get_or_insert_default().push('"');
            }
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (!is_quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    /// What is found of these files, by their names in the directories `one` and `two`.
    fn found(files: &[&str], name: &str, endings: Option<&str>) -> Option<String> {
        let home = tempfile::tempdir().unwrap();
        let folders = ["one", "two"].map(|folder| home.path().join(folder));
        for folder in &folders {
            std::fs::create_dir(folder).unwrap();
        }
        for file in files {
            let start = if file.ends_with("binary") {
                "MZ\0"
            } else {
                "#!"
            };
            std::fs::write(home.path().join(file), start).unwrap();
        }
        let search = [
            "".into(),
            ".".into(),
            folders[0].clone(),
            folders[1].clone(),
        ];
        let search = env::join_paths(search).unwrap();
        let variables = |variable: &'static str| match variable {
            names::PATH => Some(search.as_os_str()),
            names::PATHEXT => endings.map(OsStr::new),
            _ => None,
        };
        let candidates = candidates(OsStr::new(name), &variables);
        let found = candidates.into_iter().find(|path| is_runnable(path))?;
        let found = found.strip_prefix(home.path()).unwrap().to_str().unwrap();
        Some(found.replace('\\', "/"))
    }

    #[test]
    fn endings_of_programs_go_before_bare_names() {
        for (files, name, expected) in [
            (&["one/npm", "one/npm.cmd"][..], "npm", Some("one/npm.cmd")),
            (&["one/npm", "two/npm.cmd"], "npm", Some("two/npm.cmd")),
            (&["one/npm"], "npm", None),
            (&["one/x.cmd", "one/x.exe"], "x", Some("one/x.exe")),
            (&["one/x.cmd", "one/x.exe"], "x.cmd", Some("one/x.cmd")),
            (&["two/x.exe.exe"], "x.exe", Some("two/x.exe.exe")),
            (&["two/y.EXE"], "y.EXE", Some("two/y.EXE")),
            (&["one/x.py", "one/x.ps1"], "x", None),
            (&["one/x.py"], "x.py", None),
            (&["one/x.binary"], "x.binary", Some("one/x.binary")),
            (&["one/binary"], "binary", Some("one/binary")),
            (&["one/x.exe", "two/x.com"], "x", Some("one/x.exe")),
            (&["two/x.exe"], "", None),
        ] {
            let found = found(files, name, None);
            assert_eq!(found.as_deref(), expected, "{files:?} {name}");
        }
    }

    #[test]
    fn the_order_of_endings_is_the_users() {
        let files = ["one/x.cmd", "one/x.exe", "one/x.js"];
        for (endings, expected) in [
            (".CMD;.EXE", "one/x.cmd"),
            (".JS; .exe;.cmd", "one/x.exe"),
            (".JS", "one/x.exe"),
            ("", "one/x.exe"),
        ] {
            let found = found(&files, "x", Some(endings));
            assert_eq!(found.as_deref(), Some(expected), "{endings}");
        }
    }

    #[test]
    fn only_absolute_entries_of_the_path_are_searched() {
        let absolute = env::temp_dir();
        let search = env::join_paths([
            "".as_ref(),
            ".".as_ref(),
            "sub".as_ref(),
            absolute.as_path(),
        ]);
        let search = search.unwrap();
        let variables = |variable: &'static str| match variable {
            names::PATH => Some(search.as_os_str()),
            _ => None,
        };
        let candidates = |name: &str| candidates(OsStr::new(name), &variables);
        let expected = ["x.com", "x.exe", "x.bat", "x.cmd", "x"].map(|name| absolute.join(name));
        assert_eq!(candidates("x"), expected);
        for path in [r".\x", "./x", "C:x"] {
            assert_eq!(candidates(path)[1], Path::new(&format!("{path}.exe")));
        }
    }

    #[test]
    fn without_a_path_the_systems_programs_are_found() {
        let system = env::temp_dir();
        let variables = |variable: &'static str| match variable {
            names::SYSTEMROOT => Some(system.as_os_str()),
            _ => None,
        };
        let candidates = candidates(OsStr::new("cmd.exe"), &variables);
        assert_eq!(candidates[0], system.join("System32").join("cmd.exe"));
    }

    #[test]
    fn words_are_cut_as_programs_cut_them() {
        let table = r#"
            code --wait => code|--wait
            "C:\Program Files\Code\code.cmd" --wait => C:\Program Files\Code\code.cmd|--wait
            C:\Program" "Files\x.exe => C:\Program Files\x.exe
            C:\dir\ a\\b => C:\dir\|a\\b
            "two words\\" x => two words\|x
            \"a b\" => "a|b"
            "a\\\"b" => a\"b
            "a ""b"" c" => a "b" c
            x "" y => x||y
            'a b' => 'a|b'
        "#;
        for (line, expected) in cases(table) {
            let expected = expected.split('|').map(str::to_owned).collect();
            assert_eq!(words(line), Some(expected), "{line}");
        }
        assert_eq!(words(" \t "), Some(Vec::new()));
        for open in ["\"", "a \"b", r#""a\""#] {
            assert_eq!(words(open), None, "{open}");
        }
    }
}
