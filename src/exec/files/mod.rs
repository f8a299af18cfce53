//! Secrets that a program reads from files (decision D20): in memory, in a private directory, or where the user said.
//! All of them go when this goes, which is when the program has ended.

mod memory;
mod placed;
mod private;

use std::io;
use std::path::{Path, PathBuf};

use memory::MemoryFile;
use placed::Placed;
pub use private::{PrivateDirectory, sweep};

use crate::environment::{Environment, names};
use crate::private_file::signals::Hold;

/// Why a secret could not be put into a file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// None of the places for private directories takes one.
    #[error("no private directory can be made in {}", list(.places))]
    NoDirectory {
        /// What was tried, in this order.
        places: Vec<PathBuf>,
        /// What the last of them said.
        source: io::Error,
    },
    /// The system has no file in memory for us.
    #[error("cannot make a file in memory")]
    Memory {
        /// Its reason.
        source: io::Error,
    },
    /// Something has this name already, and nothing is overwritten.
    #[error("{path} exists already")]
    Exists {
        /// What the user named.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// The file, or the directory it was to be in.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

fn list(places: &[PathBuf]) -> String {
    let places: Vec<_> = places
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    places.join(", ")
}

/// Whether files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// They are.
    Real,
    /// Only what can be found out without writing a secret is.
    Rehearsed,
}

/// The files of one program.
#[derive(Debug)]
pub struct Files {
    writing: Writing,
    places: Vec<PathBuf>,
    placed: Vec<Placed>,
    private: Option<PrivateDirectory>,
    memory: Vec<MemoryFile>,
    // Last: a signal that comes while they are written ends us when there is nothing left to remove.
    hold: Option<Hold>,
}

impl Files {
    /// No files yet. Private ones will lie in the first of `places` that takes them.
    pub fn new(places: Vec<PathBuf>, writing: Writing) -> Self {
        Self {
            writing,
            places,
            placed: Vec::new(),
            private: None,
            memory: Vec::new(),
            hold: None,
        }
    }

    /// Removes what runs that were killed left in the places.
    pub fn sweep(&self) {
        sweep(&self.places);
    }

    /// Whether somebody has to stay until the program ends, to remove them.
    pub fn outlive_their_maker(&self) -> bool {
        self.private.is_some() || !self.placed.is_empty()
    }

    /// Refuses a path at which no new file can be.
    pub fn expect_free(path: &Path) -> Result<(), Error> {
        placed::expect_free(path)
    }

    pub(super) fn put_in_memory(&mut self, content: &[u8]) -> Result<PathBuf, Error> {
        if self.writing == Writing::Rehearsed {
            return Ok(PathBuf::from("/dev/fd/0"));
        }
        let file = MemoryFile::holding(content).map_err(|source| Error::Memory { source })?;
        let path = file.path();
        self.memory.push(file);
        Ok(path)
    }

    pub(super) fn put_in_private(&mut self, content: &[u8]) -> Result<PathBuf, Error> {
        let writing = self.writing;
        let directory = self.private()?;
        if writing == Writing::Rehearsed {
            return Ok(directory.path().join("0"));
        }
        directory.write(content)
    }

    pub(super) fn put_at(&mut self, path: &Path, content: &[u8]) -> Result<(), Error> {
        if self.writing == Writing::Rehearsed {
            return placed::expect_free(path);
        }
        self.hold.get_or_insert_with(Hold::begin);
        let (file, open) = Placed::create(path)?;
        // Noted before it holds anything, so that the next run finds it if this one is killed. A machine that takes no
        // private directory may still take this file.
        let _ = self.private().map(|directory| directory.note(&file));
        self.placed.push(file);
        placed::fill(path, open, content)
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

/// Where private directories go, the best first: storage that is memory, then what is there everywhere.
pub fn places(environment: &Environment) -> Vec<PathBuf> {
    let runtime = environment
        .get(names::XDG_RUNTIME_DIR)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let shared = cfg!(target_os = "linux").then(|| PathBuf::from("/dev/shm"));
    runtime
        .into_iter()
        .chain(shared)
        .chain([environment.temporary_directory().to_owned()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_placed_where_no_private_directory_can_be() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("new");
        let mut files = Files::new(vec![home.path().join("none")], Writing::Real);
        files.put_at(&path, b"canary").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"canary");
        assert!(files.outlive_their_maker());
        assert!(files.put_in_private(b"canary").is_err());
        drop(files);
        assert!(!path.exists());
    }
}
