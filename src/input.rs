//! The reader of every file, pipe and stream that somebody else fills: bounded, and into memory that is wiped.

#![expect(
    clippy::disallowed_methods,
    reason = "every input is opened and read here"
)]

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

use crate::sensitive::Sensitive;

/// Reserved where the length is not known: most of what comes through a pipe fits.
const PIPE: u64 = 8 << 10;

/// Less room makes the standard library read by way of the stack, where a copy stays.
const PROBED: u64 = 64;

/// The most that one kind of input may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    bytes: u64,
    kind: &'static str,
}

impl Limit {
    /// `keeper.ini`, a mounted configuration, an `--env-file`.
    pub const CONFIG: Self = Self::mib(8, "a configuration");
    pub const TOKEN: Self = Self::mib(1, "a token, key or configuration");
    pub const FIELD_VALUE: Self = Self::mib(16, "the value of a field");
    pub const KEYRING_SECRET: Self = Self::mib(64, "a secret of the keyring");
    pub const RECORD_FILE: Self = Self::mib(64, "a file of records");
    pub const RECORD_TYPE: Self = Self::mib(1, "a file of record types");
    pub const TEMPLATE: Self = Self::mib(10, "a template");
    pub const TEMPLATE_ON_STDIN: Self = Self::mib(256, "a template on stdin");
    pub const SEED: Self = Self::mib(256, "a seed, attachments included");
    pub const CERTIFICATES: Self = Self::mib(16, "a bundle of certificates");
    pub const AWS_CONFIG: Self = Self::mib(1, "a configuration of AWS");
    /// A token for AWS in a file, and the answer of a `credential_process`.
    pub const AWS_CREDENTIALS: Self = Self::kib(64, "credentials for AWS");
    pub const DEV_TOKEN: Self = Self::kib(4, "a token of the development vault");
    pub const GITIGNORE: Self = Self::mib(1, "a file of ignored names");
    /// A line that a person types.
    pub const ANSWER: Self = Self::kib(64, "an answer");
    /// `/proc`.
    pub const SYSTEM: Self = Self::kib(64, "a status of the system");

    const fn mib(count: u64, kind: &'static str) -> Self {
        let bytes = count << 20;
        Self { bytes, kind }
    }

    const fn kib(count: u64, kind: &'static str) -> Self {
        let bytes = count << 10;
        Self { bytes, kind }
    }
}

/// Completes "more than".
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bytes, kind } = self;
        match bytes >> 20 {
            0 => write!(f, "{} KiB is too much for {kind}", bytes >> 10),
            mib => write!(f, "{mib} MiB is too much for {kind}"),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("more than {0}")]
    TooLarge(Limit),
    #[error("it is not text in UTF-8")]
    NotText,
}

impl Error {
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io(reason) if reason.kind() == io::ErrorKind::NotFound)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(reason) => reason,
            Error::TooLarge(_) | Error::NotText => Self::other(error),
        }
    }
}

pub fn file(path: &Path, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    opened(&File::open(path)?, limit)
}

/// Reads a file that is open: whoever decides by its metadata decides about what is read.
pub fn opened(file: &File, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    // Pipes and what the kernel makes up have no length.
    let length = file.metadata().map_or(0, |found| found.len());
    let expected = match length {
        0 => PIPE,
        known => known.max(PROBED),
    };
    read(file, expected, limit)
}

pub fn stdin(limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    stream(io::stdin().lock(), limit)
}

pub fn stream(from: impl Read, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    read(from, PIPE, limit)
}

/// One line of stdin with its end; empty at the end of the stream.
pub fn line(limit: Limit) -> Result<String, Error> {
    let mut line = String::new();
    let read = io::stdin()
        .lock()
        .take(limit.bytes + 1)
        .read_line(&mut line)?;
    match read as u64 > limit.bytes {
        true => Err(Error::TooLarge(limit)),
        false => Ok(line),
    }
}

pub fn text(mut bytes: Sensitive<Vec<u8>>) -> Result<Sensitive<String>, Error> {
    match String::from_utf8(std::mem::take(bytes.expose_mut())) {
        Ok(text) => Ok(text.into()),
        Err(error) => {
            drop(Sensitive::new(error.into_bytes()));
            Err(Error::NotText)
        }
    }
}

fn read(from: impl Read, expected: u64, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    // A buffer that grows leaves copies behind.
    let expected = usize::try_from(expected.min(limit.bytes)).unwrap_or_default();
    let mut bytes = Sensitive::new(Vec::with_capacity(expected + 1));
    let read = from.take(limit.bytes + 1).read_to_end(bytes.expose_mut())?;
    match read as u64 > limit.bytes {
        true => Err(Error::TooLarge(limit)),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limit = Limit {
        bytes: 4,
        kind: "a test",
    };

    #[test]
    fn input_ends_at_its_limit() {
        assert_eq!(stream(&b"1234"[..], SMALL).unwrap().expose(), b"1234");
        assert!(matches!(
            stream(&b"12345"[..], SMALL),
            Err(Error::TooLarge(SMALL))
        ));
        let error = Error::TooLarge(Limit::AWS_CREDENTIALS).to_string();
        assert_eq!(
            error,
            "more than 64 KiB is too much for credentials for AWS"
        );
    }

    #[test]
    fn text_is_utf_8() {
        assert_eq!(text(b"ab".to_vec().into()).unwrap().expose(), "ab");
        assert!(matches!(text(vec![0xff].into()), Err(Error::NotText)));
    }

    // Directories of certificates have hundreds, and each buffer is wiped.
    #[test]
    fn a_small_file_takes_a_small_buffer() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("small");
        std::fs::write(&path, "1234").unwrap();
        let bytes = file(&path, Limit::CERTIFICATES).unwrap();
        assert_eq!(bytes.expose(), b"1234");
        assert!(bytes.expose().capacity() < 1024);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_end_is_too_large() {
        let read = file(Path::new("/dev/zero"), Limit::DEV_TOKEN);
        assert!(matches!(read, Err(Error::TooLarge(_))));
    }
}
