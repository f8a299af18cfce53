//! A file of another program that gets more lines, as a CI system's files of commands do.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use std::os::fd::AsFd;

#[cfg(unix)]
use rustix::fs::fstat;

use super::Error;

/// An existing regular file, whoever owns it: the program that made it reads it, often as another user. It is never
/// made, and no link is followed.
#[derive(Debug)]
pub struct Appended {
    file: File,
    path: PathBuf,
}

impl Appended {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.append(true);
        #[cfg(unix)]
        {
            use rustix::fs::OFlags;
            use std::os::unix::fs::OpenOptionsExt;
            // A FIFO would be waited for.
            let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
            options.custom_flags(flags.bits().cast_signed());
        }
        let file = options.open(path).map_err(Error::io("open", path))?;
        let found = file.metadata().map_err(Error::io("read", path))?;
        let path = path.to_owned();
        match found.is_file() {
            true => Ok(Self { file, path }),
            false => Err(Error::NotRegular { path }),
        }
    }

    /// Whether `stream` is this file.
    #[cfg(unix)]
    pub fn is_open_as(&self, stream: impl AsFd) -> bool {
        let id = |stat: rustix::fs::Stat| (stat.st_dev, stat.st_ino);
        match (fstat(&self.file), fstat(stream)) {
            (Ok(ours), Ok(theirs)) => id(ours) == id(theirs),
            _ => false,
        }
    }

    /// Nothing tells it there.
    #[cfg(not(unix))]
    pub fn is_open_as<S>(&self, _: S) -> bool {
        false
    }

    /// Adds all of `contents` at the end, or nothing: a part would swallow what others add behind it.
    pub fn append(&mut self, contents: &[u8]) -> Result<(), Error> {
        let Err(source) = self.write(contents) else {
            return Ok(());
        };
        let path = self.path.clone();
        Err(match source {
            Failed::Nothing(source) => Error::io("write", &path)(source),
            Failed::Part(source) => Error::CutOff { path, source },
        })
    }

    fn write(&mut self, contents: &[u8]) -> Result<(), Failed> {
        let length = |file: &File| file.metadata().map(|found| found.len());
        let before = length(&self.file).map_err(Failed::Nothing)?;
        let mut rest = contents;
        let reason = loop {
            match self.file.write(rest) {
                Ok(count) if count == rest.len() => return Ok(()),
                Ok(0) => break io::ErrorKind::WriteZero.into(),
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(reason) if reason.kind() == io::ErrorKind::Interrupted => {}
                Err(reason) => break reason,
            }
        };
        let added = contents.len() - rest.len();
        // What somebody else added meanwhile stays.
        let is_ours = |now: u64| now == before + added as u64;
        match added == 0
            || length(&self.file).is_ok_and(is_ours) && self.file.set_len(before).is_ok()
        {
            true => Err(Failed::Nothing(reason)),
            false => Err(Failed::Part(reason)),
        }
    }
}

enum Failed {
    Nothing(io::Error),
    Part(io::Error),
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_a_regular_file_that_is_there_gets_more() {
        let home = tempfile::tempdir().unwrap();
        let path = |name| home.path().join(name);
        std::fs::write(path("file"), "before\n").unwrap();
        std::os::unix::fs::symlink("file", path("link")).unwrap();
        for none in ["missing", "link", "", "/dev/null"] {
            assert!(Appended::open(&path(none)).is_err(), "{none}");
        }
        assert!(!path("missing").exists());
        let mut file = Appended::open(&path("file")).unwrap();
        file.append(b"after\n").unwrap();
        assert_eq!(std::fs::read(path("file")).unwrap(), b"before\nafter\n");
    }
}
