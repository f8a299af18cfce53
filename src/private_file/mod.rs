//! The only way a secret reaches a disk: 0600 from birth (F1), replaced whole or not at all (F3), one writer at a time
//! (F4). A clippy lint forbids the functions of the standard library that make files elsewhere.
//!
//! - `lock`: stores that several commands edit, on `draft`
//! - `output`: a file the user names, on `draft` and `link`
//! - `directory`: the private directory of one run; `placed`: the files of such a run that lie elsewhere
//! - `read` and `trust`: what is there already, and who could have written it
//! - `signals`: held back during a save

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
pub use placed::{PlacedFile, expect_free};
pub use read::read;
pub use trust::{Concern, Policy, can_be_closed};

use draft::{Draft, Mode};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `action` is a verb: "read", "write", "lock".
    #[error("cannot {action} {path}")]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// Another process kept the lock.
    #[error("another ksm is still changing {path} after {seconds} seconds")]
    Busy { path: PathBuf, seconds: u64 },
    /// A stranger may have planted it.
    #[error("{link} is a symbolic link that belongs to user {owner}")]
    Link { link: PathBuf, owner: u32 },
    #[error("{path}, which a symbolic link points to, belongs to user {owner}")]
    LinkTarget { path: PathBuf, owner: u32 },
    /// More links than any sane arrangement needs: a circle, most likely.
    #[error("{path} is a symbolic link that leads nowhere")]
    Circle { path: PathBuf },
    /// A mount point cannot be renamed over.
    #[error("{path} is a mount point by itself and cannot be replaced")]
    MountPoint { path: PathBuf },
    #[error("{path} is not a regular file")]
    NotRegular { path: PathBuf },
    /// Nothing is overwritten.
    #[error("{path} exists already")]
    Exists { path: PathBuf },
    /// No place takes a private directory; the source is the last one's.
    #[error("no private directory can be made in {}", list(.places))]
    NoDirectory {
        places: Vec<PathBuf>,
        source: io::Error,
    },
    /// Replacing it would make it ours.
    #[error("{path} belongs to another user and cannot be replaced")]
    Owner { path: PathBuf },
    /// Nobody named the file, and others control its content (F2).
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

/// Creates a directory that only its user can enter, and its parents; one that exists stays as it is.
pub fn create_directory(path: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(Error::io("create", path))
}

/// Opens a file that must not exist yet, at 0600 whatever the umask takes away.
fn new_file(path: &Path) -> io::Result<File> {
    let file = private_options().create_new(true).open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// Opens to read and write, at 0600 where the file is new, and not through a link.
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

#[cfg(unix)]
fn effective_user() -> u32 {
    rustix::process::geteuid().as_raw()
}
