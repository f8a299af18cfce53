//! The reader of every file, pipe and stream that somebody else fills: bounded, and into memory that is wiped.

#![expect(
    clippy::disallowed_methods,
    reason = "every input is opened and read here"
)]

use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

pub use crate::limits::Limit;
use crate::sensitive::Sensitive;

/// Reserved where the length is not known: most of what comes through a pipe fits.
const PIPE: u64 = 8 << 10;

/// Less room makes the standard library read by way of the stack, where a copy stays.
const PROBED: u64 = 64;

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
        .take(limit.bytes() + 1)
        .read_line(&mut line)?;
    match read as u64 > limit.bytes() {
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
    let expected = usize::try_from(expected.min(limit.bytes())).unwrap_or_default();
    let mut bytes = Sensitive::new(Vec::with_capacity(expected + 1));
    let read = from
        .take(limit.bytes() + 1)
        .read_to_end(bytes.expose_mut())?;
    match read as u64 > limit.bytes() {
        true => Err(Error::TooLarge(limit)),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_ends_at_its_limit() {
        let small = Limit::DEV_TOKEN;
        let full = vec![b'x'; 4096];
        assert_eq!(stream(&full[..], small).unwrap().expose(), &full);
        assert!(matches!(
            stream(&[full, vec![b'x']].concat()[..], small),
            Err(Error::TooLarge(Limit::DEV_TOKEN))
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
