//! Files where the user said (`--file`): new ones, readable by us alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Error;

/// A file that was not there before us, and is not after us.
#[derive(Debug)]
pub(super) struct Placed {
    path: PathBuf,
    /// What tells it from another file of the same name.
    #[cfg(unix)]
    identity: String,
}

impl Placed {
    /// Creates it, empty.
    pub(super) fn create(path: &Path) -> Result<(Self, File), Error> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => Error::Exists {
                path: path.to_owned(),
            },
            _ => Error::Write {
                path: path.to_owned(),
                source,
            },
        };
        // We may not stay in this directory, and our successor will not start in it.
        let path = std::path::absolute(path).map_err(failed)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let open = options.open(&path).map_err(failed)?;
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

impl Drop for Placed {
    /// Whatever has this name by now: programs that rewrite a file put a new one in its place, with secrets in it.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Refuses a path at which no new file can be, as far as it can be told without trying.
pub(super) fn expect_free(path: &Path) -> Result<(), Error> {
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
    Err(Error::Write {
        path: path.to_owned(),
        source,
    })
}

/// Puts the content into a file that was created for it.
pub(super) fn fill(path: &Path, mut open: File, content: &[u8]) -> Result<(), Error> {
    #[cfg(unix)]
    let shaped = open.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    #[cfg(not(unix))]
    let shaped = Ok(());
    shaped
        .and_then(|()| open.write_all(content))
        .map_err(|source| Error::Write {
            path: path.to_owned(),
            source,
        })
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
