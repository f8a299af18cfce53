//! Reads the values of `-e` and `--file` (D20).

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::launch::ProgramInput;
use crate::vault::notation::{self, Notation, PREFIX, ParseError};

/// The content of the variable: the secret, or the path of a file with the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassAs {
    Value,
    File,
    MemoryFile,
}

/// The value of one `-e`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// `NAME`
    Inherited(OsString),
    /// `NAME=NOTATION`, `NAME=@file:NOTATION` or `NAME=@fd:NOTATION`.
    Secret {
        name: OsString,
        notation: Notation,
        pass_as: PassAs,
    },
}

/// Shows only what stands before the `=`: what follows may be a secret by mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("a variable needs a name before the `=`")]
    NoName,
    /// A bare argument that is a notation, perhaps behind `@file:`. It holds the argument that was meant.
    #[error("a notation without the name of a variable")]
    NoVariable(String),
    /// A variable of this name would do nothing. It is not shown.
    #[error("the argument of `-e` does not begin with the name of a variable")]
    NotAName,
    #[error("a file needs a path before the `=`, and a notation behind it")]
    NoPath,
    #[error("{input}: {error}")]
    Malformed {
        input: ProgramInput,
        error: ParseError,
    },
    #[error("{input}: the notation is not valid UTF-8")]
    NotText { input: ProgramInput },
    #[error("{input}: memory files need Linux")]
    NoMemoryFiles { input: ProgramInput },
    /// The word is not shown.
    #[error("{input}: a secret is passed on as it is, or as `@file:` or `@fd:`")]
    NoWay { input: ProgramInput },
}

const FILE: &str = "file";
const MEMORY: &str = "fd";

/// `WORD` and the rest of `@WORD:…`.
pub(super) fn passing_word(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.strip_prefix('@')?.split_once(':')?;
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word.then_some((word, rest))
}

/// Whether it is one of the words that `-e` knows.
pub(super) fn is_way((word, _): (&str, &str)) -> bool {
    [FILE, MEMORY].contains(&word)
}

impl Assignment {
    /// The notation may come without `keeper://`.
    pub fn parse(argument: &OsStr) -> Result<Self, Error> {
        if let Some(argument) = nameless(&argument.to_string_lossy()) {
            return Err(Error::NoVariable(argument));
        }
        if notation::has_prefix(&argument.to_string_lossy()) {
            return Err(Error::NoName);
        }
        let (name, text) = match split_at_equal_sign(argument) {
            Some((name, _)) if !name.is_empty() && !may_be_a_name(&name) => {
                return Err(Error::NotAName);
            }
            Some((name, text)) if !name.is_empty() => (name, text),
            None if !argument.is_empty() => return inherited(argument),
            _ => return Err(Error::NoName),
        };
        let input = ProgramInput::Variable(name.clone());
        let Some(text) = text.to_str() else {
            return Err(Error::NotText { input });
        };
        let (pass_as, text) = match passing_word(text) {
            Some((FILE, text)) => (PassAs::File, text),
            Some((MEMORY, _)) if !cfg!(target_os = "linux") => {
                return Err(Error::NoMemoryFiles { input });
            }
            Some((MEMORY, text)) => (PassAs::MemoryFile, text),
            Some(_) => return Err(Error::NoWay { input }),
            None => (PassAs::Value, text),
        };
        match Notation::parse(text) {
            Ok(notation) => Ok(Self::Secret {
                name,
                notation,
                pass_as,
            }),
            Err(error) => Err(Error::Malformed { input, error }),
        }
    }
}

/// The assignment that a notation without a name was meant to be.
fn nameless(argument: &str) -> Option<String> {
    let way = passing_word(argument).filter(|way| is_way(*way));
    let (before, text) = match way {
        Some((word, text)) => (format!("@{word}:"), text),
        None => (String::new(), argument),
    };
    let is_prefixed = notation::has_prefix(text);
    // Before a `=`, what has no prefix may be a name.
    let may_be = is_prefixed || (text.contains('/') && !text.contains('='));
    let prefix = if is_prefixed { "" } else { PREFIX };
    (may_be && Notation::parse(text).is_ok()).then(|| format!("NAME={before}{prefix}{text}"))
}

fn inherited(argument: &OsStr) -> Result<Assignment, Error> {
    match may_be_a_name(argument) {
        true => Ok(Assignment::Inherited(argument.to_owned())),
        false => Err(Error::NotAName),
    }
}

/// Whether a program may look for it. Names beyond those of shells exist, such as `server.port` and `ProgramFiles(x86)`.
fn may_be_a_name(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let begins = |first: char| first == '_' || first.is_alphabetic();
    let is_foreign = |c: char| c.is_whitespace() || c.is_control() || "/\\\"':;,".contains(c);
    name.starts_with(begins) && !name.contains(is_foreign)
}

/// Reads `PATH=NOTATION`.
pub fn parse_file(argument: &OsStr) -> Result<(PathBuf, Notation), Error> {
    let (path, text) = split_at_equal_sign(argument)
        .filter(|(path, _)| !path.is_empty())
        .ok_or(Error::NoPath)?;
    let path = PathBuf::from(path);
    let input = ProgramInput::File(path.clone());
    let Some(text) = text.to_str() else {
        return Err(Error::NotText { input });
    };
    match Notation::parse(text) {
        Ok(notation) => Ok((path, notation)),
        Err(error) => Err(Error::Malformed { input, error }),
    }
}

#[cfg(unix)]
fn split_at_equal_sign(word: &OsStr) -> Option<(OsString, OsString)> {
    use std::os::unix::ffi::OsStrExt;
    let mut parts = word.as_bytes().splitn(2, |byte| *byte == b'=');
    let part = |bytes| OsStr::from_bytes(bytes).to_owned();
    Some((part(parts.next()?), part(parts.next()?)))
}

#[cfg(not(unix))]
fn split_at_equal_sign(word: &OsStr) -> Option<(OsString, OsString)> {
    let (name, text) = word.to_str()?.split_once('=')?;
    Some((name.into(), text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    fn notation(text: &str) -> Notation {
        Notation::parse(text).unwrap()
    }

    #[test]
    fn assignments_are_parsed() {
        let secret = |pass_as| Assignment::Secret {
            name: "A".into(),
            notation: notation("U/field/x=y"),
            pass_as,
        };
        let mut cases = vec![
            ("A", Assignment::Inherited("A".into())),
            ("A=U/field/x=y", secret(PassAs::Value)),
            ("A=Keeper://U/field/x=y", secret(PassAs::Value)),
            ("A=@file:U/field/x=y", secret(PassAs::File)),
            ("A=@file:keeper://U/field/x=y", secret(PassAs::File)),
        ];
        if cfg!(target_os = "linux") {
            cases.push(("A=@fd:U/field/x=y", secret(PassAs::MemoryFile)));
        }
        for (word, expected) in cases {
            assert_eq!(Assignment::parse(word.as_ref()), Ok(expected), "{word}");
        }
    }

    #[test]
    fn errors_name_the_variable_and_not_its_value() {
        for (word, expected) in [
            ("", "a variable needs a name before the `=`"),
            ("keeper://canary!", "a variable needs a name before the `=`"),
            ("keeper://U/type", "a notation without"),
            ("=U/type", "a variable needs a name before the `=`"),
            ("U/field/canary", "a notation without"),
            (".env", "the argument of `-e` does not"),
            ("US:canary", "the argument of `-e` does not"),
            ("canary/x", "the argument of `-e` does not"),
            ("1A=U/type", "the argument of `-e` does not"),
            ("A canary=U/type", "the argument of `-e` does not"),
            ("A=canary!", "variable `A`: "),
            ("A=", "variable `A`: "),
            ("A=@file:", "variable `A`: "),
            ("A=U/canary", "variable `A`: "),
            ("A=@path:U/canary", "variable `A`: a secret is passed on"),
        ] {
            let error = Assignment::parse(word.as_ref()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{word}: {error}");
            assert!(!error.contains("canary"), "{word}: {error}");
        }
    }

    #[test]
    fn a_nameless_notation_is_told_as_it_was_meant() {
        for (word, meant) in cases(
            "U/field/x => NAME=keeper://U/field/x
             keeper://U/field/x => NAME=keeper://U/field/x
             keeper://U/field/x=y => NAME=keeper://U/field/x=y
             @file:U/field/x => NAME=@file:keeper://U/field/x
             @fd:keeper://U/type => NAME=@fd:keeper://U/type",
        ) {
            let error = Assignment::parse(word.as_ref()).unwrap_err();
            assert_eq!(error, Error::NoVariable(meant.to_owned()), "{word}");
        }
    }

    #[test]
    fn a_file_is_split_at_the_first_equal_sign() {
        let read = |word: &str| parse_file(word.as_ref());
        assert_eq!(
            read("./a b=U/file/x=y"),
            Ok(("./a b".into(), notation("U/file/x=y")))
        );
        assert_eq!(read("U/file/x"), Err(Error::NoPath));
        assert_eq!(read("=U/file/x"), Err(Error::NoPath));
        let error = read("a=canary!").unwrap_err().to_string();
        assert!(error.starts_with("file a: "), "{error}");
    }
}
