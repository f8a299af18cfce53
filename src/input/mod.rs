//! The reader of every file, pipe and stream that somebody else fills: bounded, and into memory that is wiped.

#![expect(
    clippy::disallowed_methods,
    reason = "every input is opened and read here"
)]

mod encoding;
mod lines;
mod patience;
#[cfg(unix)]
mod unseen;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use encoding::{is_utf_16, utf_8};
pub use lines::Lines;
pub use patience::{Patient, standard};
#[cfg(unix)]
pub use unseen::unseen_line;

pub use crate::limits::Limit;
use crate::sensitive::Sensitive;

/// Reserved where the length is not known: most of what comes through a pipe fits.
const PIPE: u64 = 8 << 10;

/// Less room makes the standard library read by way of the stack, where a copy stays.
const PROBED: u64 = 64;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Io(io::Error),
    #[error("more than {limit}{}", arrived(*.found))]
    TooLarge {
        limit: Limit,
        /// The size, where it is known without reading all of it.
        found: Option<u64>,
    },
    #[error("it is not text in UTF-8")]
    NotText,
    #[error("it is not a regular file")]
    NotRegular,
    #[error("several lines came at once, and one is meant; a file or a pipe can hold them all")]
    SeveralLines,
}

impl Error {
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io(reason) if reason.kind() == io::ErrorKind::NotFound)
    }
}

/// Takes back what was an [`Error`] before it was one of reading.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        error.downcast().unwrap_or_else(Self::Io)
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(reason) => reason,
            Error::TooLarge { .. } | Error::NotText | Error::NotRegular | Error::SeveralLines => {
                Self::other(error)
            }
        }
    }
}

fn arrived(bytes: Option<u64>) -> String {
    bytes.map_or_else(String::new, |bytes| format!("; it has {bytes} bytes"))
}

/// Reads a file of any kind. What is no regular file has to end in time.
pub fn file(path: &Path, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    opened(&open(path)?, limit)
}

/// Reads a file that nobody named: one of another kind than a regular file is refused before it is read.
pub fn regular_file(path: &Path, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    let file = open(path)?;
    match file.metadata()?.is_file() {
        true => opened(&file, limit),
        false => Err(Error::NotRegular),
    }
}

/// Reads a file that is open: whoever decides by its metadata decides about what is read. One that may be a FIFO has
/// to be open without blocking.
pub fn opened(file: &File, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    let about = file.metadata()?;
    if !about.is_file() {
        return read(Patient::before_end_of(file), PIPE, limit);
    }
    // What the kernel makes up has no length.
    match about.len() {
        0 => read(file, PIPE, limit),
        length if length > limit.bytes() => Err(Error::TooLarge {
            limit,
            found: Some(length),
        }),
        length => read(file, length.max(PROBED), limit),
    }
}

/// The first bytes of a regular file that is open, at most as many as `limit` has.
pub fn start(file: &File, limit: Limit) -> io::Result<Sensitive<Vec<u8>>> {
    let length = file.metadata()?.len().min(limit.bytes());
    let length = usize::try_from(length).unwrap_or_default();
    let mut bytes = Sensitive::new(Vec::with_capacity(length + 1));
    let mut file = file.take(length as u64);
    file.read_to_end(bytes.expose_mut())?;
    Ok(bytes)
}

/// Opens without waiting for the other end of a FIFO.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// All of stdin. Only a person at a terminal may take any time.
pub fn stdin(limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    stream(standard(), limit)
}

pub fn stream(from: impl Read, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    read(from, PIPE, limit)
}

/// Passes on what is read, and fails where more than `limit` comes.
pub fn bounded(from: impl Read, limit: Limit) -> impl Read {
    let from = from.take(limit.bytes() + 1);
    Bounded { from, limit }
}

struct Bounded<R> {
    from: io::Take<R>,
    limit: Limit,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        match self.from.limit() {
            0 => Err(Error::TooLarge {
                limit: self.limit,
                found: None,
            }
            .into()),
            _ => Ok(read),
        }
    }
}

/// One line of stdin with its end; empty at the end of the stream.
pub fn line(limit: Limit) -> Result<String, Error> {
    let mut line = Vec::new();
    let mut stdin = standard();
    let mut byte = [0];
    // No more than the line is taken, since what follows may be meant for somebody else.
    while line.last() != Some(&b'\n') && stdin.read(&mut byte)? > 0 {
        line.extend(byte);
        if line.len() as u64 > limit.bytes() {
            return Err(Error::TooLarge { limit, found: None });
        }
    }
    String::from_utf8(line).map_err(|_| Error::NotText)
}

/// Text by its byte order mark, else in UTF-8.
pub fn text(bytes: Sensitive<Vec<u8>>) -> Result<Sensitive<String>, Error> {
    utf_8(bytes)?.into_text().ok_or(Error::NotText)
}

fn read(from: impl Read, expected: u64, limit: Limit) -> Result<Sensitive<Vec<u8>>, Error> {
    // A buffer that grows leaves copies behind.
    let expected = usize::try_from(expected.min(limit.bytes())).unwrap_or_default();
    let mut bytes = Sensitive::new(Vec::with_capacity(expected + 1));
    let read = from
        .take(limit.bytes() + 1)
        .read_to_end(bytes.expose_mut())?;
    match read as u64 > limit.bytes() {
        true => Err(Error::TooLarge { limit, found: None }),
        false => Ok(bytes),
    }
}

/// Takes one line end off the end: the one that `echo` and editors add.
pub fn drop_newline(bytes: &mut Vec<u8>) {
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
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
            Err(Error::TooLarge { found: None, .. })
        ));
        let told = |found| {
            let limit = Limit::AWS_CREDENTIALS;
            Error::TooLarge { limit, found }.to_string()
        };
        let expected = "more than 64 KiB is too much for credentials for AWS";
        assert_eq!(told(None), expected);
        assert_eq!(
            told(Some(70_000)),
            format!("{expected}; it has 70000 bytes")
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
        assert!(matches!(read, Err(Error::TooLarge { .. })));
        let read = regular_file(Path::new("/dev/zero"), Limit::DEV_TOKEN);
        assert!(matches!(read, Err(Error::NotRegular)));
    }

    #[test]
    fn a_file_that_is_too_large_tells_its_size() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("large");
        std::fs::write(&path, [0; 4097]).unwrap();
        let read = file(&path, Limit::DEV_TOKEN);
        assert!(matches!(
            read,
            Err(Error::TooLarge {
                found: Some(4097),
                ..
            })
        ));
    }
}
