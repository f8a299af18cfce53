//! Files that are placed where the user says for as long as a program runs: new ones, readable by us alone.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Error, new_file};

/// A file that was not there before us, and is not after us.
#[derive(Debug)]
pub struct PlacedFile {
    path: PathBuf,
    /// Tells it from another file of the same name.
    #[cfg(unix)]
    identity: String,
}

impl PlacedFile {
    /// Creates an empty file.
    pub fn create(path: &Path) -> Result<(Self, File), Error> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => Error::Exists {
                path: path.to_owned(),
            },
            _ => Error::io("write", path)(source),
        };
        // Absolute, since this process may leave its directory, and a later run that sweeps starts in another.
        let path = std::path::absolute(path).map_err(failed)?;
        let open = new_file(&path).map_err(failed)?;
        let placed = Self {
            #[cfg(unix)]
            identity: open
                .metadata()
                .map(|about| identity(&about))
                .unwrap_or_default(),
            path,
        };
        Ok((placed, open))
    }

    #[cfg(unix)]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    #[cfg(unix)]
    pub(super) fn identity(&self) -> &str {
        &self.identity
    }
}

impl Drop for PlacedFile {
    /// Removes by name: a program that rewrites the file puts a new one in its place, with secrets in it.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Refuses a path at which no new file can be, as far as it can be told without trying.
pub fn expect_free(path: &Path) -> Result<(), Error> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(Error::Exists {
            path: path.to_owned(),
        });
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let source = match fs::metadata(folder) {
        Ok(about) if about.is_dir() => return Ok(()),
        Ok(_) => io::ErrorKind::NotADirectory.into(),
        Err(source) => source,
    };
    Err(Error::io("write", path)(source))
}

/// Removes the file at `path` if it is the one meant.
#[cfg(unix)]
pub(super) fn remove_if_same(path: &Path, meant: &str) {
    if fs::symlink_metadata(path).is_ok_and(|about| about.is_file() && identity(&about) == meant) {
        let _ = fs::remove_file(path);
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
