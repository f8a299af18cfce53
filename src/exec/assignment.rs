//! What `-e` and `--file` ask for, read from their words (decision D20).

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::slot::Slot;
use crate::vault::notation::{Notation, parse};

/// In which form a variable gets a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassAs {
    /// The secret itself.
    Value,
    /// The path of a private file that holds it.
    File,
    /// The path of a file in memory that holds it.
    MemoryFile,
}

/// A word behind `-e`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// `NAME`: what our own environment holds.
    Inherited(OsString),
    /// `NAME=NOTATION`, `NAME=@file:NOTATION` or `NAME=@fd:NOTATION`.
    Secret {
        /// The variable.
        name: OsString,
        /// What it gets.
        notation: Notation,
        /// How it gets it.
        form: PassAs,
    },
}

/// Words that ask for nothing. Only what stands before the `=` is shown: what follows may be a secret by mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("a variable needs a name before the `=`")]
    NoName,
    #[error("a file needs a path before the `=`, and a notation behind it")]
    NoPath,
    #[error("{slot}: {error}")]
    Malformed { slot: Slot, error: parse::Error },
    #[error("{slot}: the notation is not valid UTF-8")]
    NotText { slot: Slot },
    #[error("{slot}: memory files need Linux")]
    NoMemoryFiles { slot: Slot },
}

impl Assignment {
    /// Reads the word behind `-e`. The notation may come without `keeper://`.
    pub fn parse(word: &OsStr) -> Result<Self, Error> {
        let Some((name, text)) = cut(word) else {
            return match word.is_empty() {
                true => Err(Error::NoName),
                false => Ok(Self::Inherited(word.to_owned())),
            };
        };
        if name.is_empty() {
            return Err(Error::NoName);
        }
        let slot = Slot::Variable(name.clone());
        let Some(text) = text.to_str() else {
            return Err(Error::NotText { slot });
        };
        let (form, text) = form(text);
        if form == PassAs::MemoryFile && !cfg!(target_os = "linux") {
            return Err(Error::NoMemoryFiles { slot });
        }
        match Notation::parse(text) {
            Ok(notation) => Ok(Self::Secret {
                name,
                notation,
                form,
            }),
            Err(error) => Err(Error::Malformed { slot, error }),
        }
    }
}

/// Reads the word behind `--file`: `PATH=NOTATION`, cut at the first `=`.
pub fn parse_file(word: &OsStr) -> Result<(PathBuf, Notation), Error> {
    let (path, text) = cut(word).ok_or(Error::NoPath)?;
    if path.is_empty() {
        return Err(Error::NoPath);
    }
    let path = PathBuf::from(path);
    let slot = Slot::File(path.clone());
    let Some(text) = text.to_str() else {
        return Err(Error::NotText { slot });
    };
    match Notation::parse(text) {
        Ok(notation) => Ok((path, notation)),
        Err(error) => Err(Error::Malformed { slot, error }),
    }
}

fn form(text: &str) -> (PassAs, &str) {
    let file = text.strip_prefix("@file:").map(|text| (PassAs::File, text));
    let memory = || {
        text.strip_prefix("@fd:")
            .map(|text| (PassAs::MemoryFile, text))
    };
    file.or_else(memory).unwrap_or((PassAs::Value, text))
}

/// The parts before and behind the first `=`.
#[cfg(unix)]
fn cut(word: &OsStr) -> Option<(OsString, OsString)> {
    use std::os::unix::ffi::OsStrExt;
    let mut parts = word.as_bytes().splitn(2, |byte| *byte == b'=');
    let part = |bytes| OsStr::from_bytes(bytes).to_owned();
    Some((part(parts.next()?), part(parts.next()?)))
}

#[cfg(not(unix))]
fn cut(word: &OsStr) -> Option<(OsString, OsString)> {
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
    fn words_become_assignments() {
        let secret = |form| Assignment::Secret {
            name: "A".into(),
            notation: notation("U/field/x=y"),
            form,
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
    fn mistakes_name_the_variable_and_not_what_was_to_be_in_it() {
        for (word, expected) in [
            ("", "a variable needs a name before the `=`"),
            ("=U/type", "a variable needs a name before the `=`"),
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
    fn a_file_is_cut_at_the_first_sign() {
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
