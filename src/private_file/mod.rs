//! The only way a secret reaches a disk: 0600 from birth, replaced whole or not at all, one writer at a time.
//!
//! `lock` is for stores that several commands edit, `output` for a file the user named, `read` and `trust` for
//! what is there already.

#![expect(
    clippy::disallowed_methods,
    reason = "every file and directory is made here"
)]

mod directory;
mod draft;
mod link;
mod lock;
mod output;
mod placed;
mod read;
pub mod signals;
mod trust;

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

pub use directory::{PrivateDirectory, places, sweep};
pub use lock::{Lock, lock};
pub use output::{
    check_output_writable, check_private_writable, is_stream, write_like, write_output,
    write_private,
};
pub use placed::{Placed, expect_free};
pub use read::read;
pub use trust::{Concern, Policy, can_be_closed};

use draft::{Draft, Mode};

/// Why a file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system said no.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried: "read", "write", "lock" …
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// Its reason.
        source: io::Error,
    },
    /// Another process kept the lock for as long as we wait.
    #[error("another ksm is still changing {path} after {seconds} seconds")]
    Busy {
        /// The file that was to be changed.
        path: PathBuf,
        /// How long we waited.
        seconds: u64,
    },
    /// A symbolic link somebody else may have planted.
    #[error("{link} is a symbolic link that belongs to user {owner}")]
    Link {
        /// The link.
        link: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// What a link points to is somebody else's.
    #[error("{path}, which a symbolic link points to, belongs to user {owner}")]
    LinkTarget {
        /// The target.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// More links than any sane arrangement needs; a circle, most likely.
    #[error("{path} is a symbolic link that leads nowhere")]
    Circle {
        /// Where it started.
        path: PathBuf,
    },
    /// The file itself is a mount point, and a mount point cannot be renamed over.
    #[error("{path} is a mount point by itself and cannot be replaced")]
    MountPoint {
        /// The file.
        path: PathBuf,
    },
    /// Existing, but no file: nothing we could replace.
    #[error("{path} is not a regular file")]
    NotRegular {
        /// The thing.
        path: PathBuf,
    },
    /// Something has this name already, and nothing is overwritten.
    #[error("{path} exists already")]
    Exists { path: PathBuf },
    /// None of the places for private directories takes one; the reason is the last one's.
    #[error("no private directory can be made in {}", list(.places))]
    NoDirectory {
        places: Vec<PathBuf>,
        source: io::Error,
    },
    /// Replacing it would make it ours.
    #[error("{path} belongs to another user and cannot be replaced")]
    Owner {
        /// The file.
        path: PathBuf,
    },
    /// A file found on the way, not named by anybody, whose content others control.
    #[error("{0}")]
    Untrusted(Concern),
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

fn list(places: &[PathBuf]) -> String {
    let places: Vec<_> = places
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    places.join(", ")
}

/// Replaces `path` with `contents` at 0600; a failure leaves the old file as it was. Whoever shares the file with
/// other processes holds its `Lock` and saves through that instead.
pub fn replace(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let mut draft = Draft::beside(path, Mode::Private)?;
    draft.write_synced(contents)?;
    draft.rename_over()
}

/// Writes a file that must not exist yet, at 0600.
pub fn create_new(path: &Path, contents: &[u8]) -> Result<(), Error> {
    let mut draft = Draft::beside(path, Mode::Private)?;
    draft.write_synced(contents)?;
    draft.place_new()
}

/// Creates a directory only we can enter, and its parents; one that exists stays as it is.
pub fn create_directory(path: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(Error::io("create", path))
}

/// Opens a file that must not exist yet, ours alone whatever the umask took away.
fn new_file(path: &Path) -> io::Result<File> {
    let file = private_options().create_new(true).open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// To read and write a file that is ours alone if it is new, and is not reached through a link.
fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options
            .mode(0o600)
            .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    }
    options
}

/// The directory a file lies in, also for a bare name.
fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The user we act as.
#[cfg(unix)]
fn us() -> u32 {
    rustix::process::geteuid().as_raw()
}
