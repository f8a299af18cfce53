//! Secrets that a program reads from files (D20): in memory, in a private directory, or where the user said.
//! All of them go when this goes, which is when the program has ended.

mod memory;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use memory::MemoryFile;

use crate::private_file::{self, PlacedFile, PrivateDirectory};
use crate::signals::Hold;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot make a file in memory")]
    Memory(#[source] io::Error),
    #[error(transparent)]
    Disk(#[from] private_file::Error),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    Real,
    /// Writes no secret, and fails for the reasons that show without that.
    DryRun,
}

/// How far a sweep goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The place where runs like this one make their directory. The last one may have thousands of other entries.
    First,
    All,
}

/// The files of one program.
#[derive(Debug)]
pub struct Files {
    writing: Writing,
    places: Vec<PathBuf>,
    placed: Vec<PlacedFile>,
    private: Option<PrivateDirectory>,
    memory: Vec<MemoryFile>,
    tell: fn(&str),
    // Last: a signal that comes while they are written ends us when there is nothing left to remove.
    hold: Option<Hold>,
}

impl Files {
    /// No files yet. Private ones will lie in the first of `places` that takes them. `tell` gets a sentence for each placed
    /// file that cannot be removed in the end.
    pub fn new(places: Vec<PathBuf>, writing: Writing, tell: fn(&str)) -> Self {
        Self {
            writing,
            places,
            placed: Vec::new(),
            private: None,
            memory: Vec::new(),
            tell,
            hold: None,
        }
    }

    /// Removes what runs that were killed left.
    pub fn sweep(&self, reach: Reach) {
        let places = match reach {
            Reach::First => self.places.get(..1).unwrap_or_default(),
            Reach::All => &self.places,
        };
        private_file::sweep(places);
    }

    /// Whether somebody has to stay until the program ends, to remove them.
    pub fn outlive_their_maker(&self) -> bool {
        self.private.is_some() || !self.placed.is_empty()
    }

    /// Refuses a path at which no new file can be.
    pub fn expect_free(path: &Path) -> Result<(), Error> {
        Ok(private_file::expect_free(path)?)
    }

    pub(super) fn put_in_memory(&mut self, content: &[u8]) -> Result<PathBuf, Error> {
        if self.writing == Writing::DryRun {
            return Ok(PathBuf::from("/dev/fd/0"));
        }
        let file = MemoryFile::holding(content).map_err(Error::Memory)?;
        let path = file.path();
        self.memory.push(file);
        Ok(path)
    }

    pub(super) fn put_in_private(&mut self, content: &[u8]) -> Result<PathBuf, Error> {
        let writing = self.writing;
        let directory = self.private()?;
        if writing == Writing::DryRun {
            return Ok(directory.path().join("0"));
        }
        Ok(directory.write(content)?)
    }

    pub(super) fn put_at(&mut self, path: &Path, content: &[u8]) -> Result<(), Error> {
        if self.writing == Writing::DryRun {
            return Self::expect_free(path);
        }
        self.hold.get_or_insert_with(Hold::begin);
        let (file, mut open) = PlacedFile::create(path, self.tell)?;
        // Noted before it holds anything, so that the next run finds it if this one is killed. A machine that takes no
        // private directory may still take this file.
        let _ = self.private().map(|directory| directory.note(&file));
        self.placed.push(file);
        let written = open.write_all(content);
        Ok(written.map_err(private_file::Error::io("write", path))?)
    }

    fn private(&mut self) -> Result<&mut PrivateDirectory, Error> {
        self.hold.get_or_insert_with(Hold::begin);
        let directory = match self.private.take() {
            Some(directory) => directory,
            None => PrivateDirectory::create(&self.places)?,
        };
        Ok(self.private.insert(directory))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_placed_without_a_private_directory() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("new");
        let mut files = Files::new(vec![home.path().join("none")], Writing::Real, |_| {});
        files.put_at(&path, b"canary").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"canary");
        assert!(files.outlive_their_maker());
        assert!(files.put_in_private(b"canary").is_err());
        drop(files);
        assert!(!path.exists());
    }

    #[test]
    fn what_cannot_be_looked_at_is_not_free() {
        let home = tempfile::tempdir().unwrap();
        let free = |name: &str| Files::expect_free(&home.path().join(name)).is_ok();
        assert!(free("new"));
        let longer_than_any = "x".repeat(300);
        let name = match cfg!(windows) {
            true => "what?",
            false => longer_than_any.as_str(),
        };
        assert!(!free(name));
    }
}
