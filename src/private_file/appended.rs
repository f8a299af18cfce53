//! A file of another program that gets more lines, as a CI system's files of commands do.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

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

    /// Adds all of `contents` at the end.
    pub fn append(&mut self, contents: &[u8]) -> Result<(), Error> {
        let written = self.file.write_all(contents);
        written.map_err(Error::io("write", &self.path))
    }
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
