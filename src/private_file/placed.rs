//! Files that are placed where the user says for as long as a program runs: new ones, readable by us alone.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use super::facts::Facts;
use super::place::{self, Missing, Place};

/// A file that was not there before us, and is not after us. One that took its place meanwhile is left alone.
#[derive(Debug)]
pub struct PlacedFile {
    place: Place,
    path: PathBuf,
    /// Open, so that no other file can get its inode.
    open: File,
    /// Is told of a file that stays.
    tell: fn(&str),
}

impl PlacedFile {
    /// Creates an empty file. `tell` gets a sentence if it cannot be removed in the end.
    pub fn create(path: &Path, tell: fn(&str)) -> Result<(Self, File), Error> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => Error::Exists {
                path: path.to_owned(),
            },
            _ => Error::io("write", path)(source),
        };
        // Absolute, since a later run that sweeps starts in another directory.
        let absolute = std::path::absolute(path).map_err(failed)?;
        let place = place::to_write(&absolute, Missing::Refused)?;
        let open = place.directory.create(&place.name).map_err(failed)?;
        let path = place.path();
        let placed = Self {
            place,
            path,
            open,
            tell,
        };
        let to_write = placed.open.try_clone().map_err(failed)?;
        Ok((placed, to_write))
    }

    #[cfg(unix)]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    #[cfg(unix)]
    pub(super) fn identity(&self) -> String {
        let about = self.open.metadata();
        about.map(|about| identity(&about)).unwrap_or_default()
    }
}

impl Drop for PlacedFile {
    fn drop(&mut self) {
        let removed = Facts::of(&self.open).and_then(|found| {
            let directory = &self.place.directory;
            directory.remove(&self.place.name, &found)
        });
        if let Err(reason) = removed {
            let path = self.path.display();
            (self.tell)(&match self.open.set_len(0) {
                Ok(()) => format!("{path} could not be removed, and was emptied: {reason}"),
                Err(_) => format!("{path} could not be removed, and holds a secret: {reason}"),
            });
        }
    }
}

/// Refuses a path at which no new file can be, as far as it can be told without trying.
pub fn expect_free(path: &Path) -> Result<(), Error> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(Error::Exists {
            path: path.to_owned(),
        });
    }
    place::to_write(path, Missing::Refused).map(drop)
}

/// Removes the file at `path` if it is the one meant.
#[cfg(unix)]
pub(super) fn remove_if_same(path: &Path, meant: &str) {
    let Ok(place) = place::to_write(path, Missing::Refused) else {
        return;
    };
    let found = place.open().and_then(|file| {
        let about = file.metadata();
        about.map_err(Error::io("read", path))
    });
    if let Ok(found) = found
        && found.is_file()
        && identity(&found) == meant
    {
        let _ = place.directory.remove(&place.name, &Facts::from(&found));
    }
}

/// Device, inode and time of birth: inodes are used again.
#[cfg(unix)]
fn identity(about: &fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    let born = about.created().ok();
    let born = born.and_then(|born| born.duration_since(std::time::UNIX_EPOCH).ok());
    let born = born.unwrap_or_default().as_nanos();
    format!("{:x}-{:x}-{born:x}", about.dev(), about.ino())
}
