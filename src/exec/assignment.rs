//! Reads the values of `-e` and `--file` (D20).

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::launch::ProgramInput;
use crate::vault::notation::{self, Notation, ParseError};

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
    /// A bare argument that is a notation.
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
}

impl Assignment {
    /// The notation may come without `keeper://`.
    pub fn parse(argument: &OsStr) -> Result<Self, Error> {
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
        let (pass_as, text) = match text.split_once(':') {
            Some(("@file", text)) => (PassAs::File, text),
            Some(("@fd", _)) if !cfg!(target_os = "linux") => {
                return Err(Error::NoMemoryFiles { input });
            }
            Some(("@fd", text)) => (PassAs::MemoryFile, text),
            _ => (PassAs::Value, text),
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

fn inherited(argument: &OsStr) -> Result<Assignment, Error> {
    let text = argument.to_string_lossy();
    if text.contains('/') && Notation::parse(&text).is_ok() {
        return Err(Error::NoVariable(text.into_owned()));
    }
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
            ("keeper://U/type", "a variable needs a name before the `=`"),
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
        ] {
            let error = Assignment::parse(word.as_ref()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{word}: {error}");
            assert!(!error.contains("canary"), "{word}: {error}");
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
