//! The only way a secret reaches a disk. A new file is 0600 from birth (F1), is replaced whole or not at all (F3), and has
//! one writer at a time (F4); a file of the user's keeps the rights it had. A clippy lint forbids the functions of the standard library that make files elsewhere.
//!
//! - `place`: a name in a directory that is open, and the walk along a path that leads there
//! - `draft`: what is put in a place, whole and private from birth
//! - `lock`: stores that several commands edit; `output`: a file the user names
//! - `appended`: a file of another program that gets more lines
//! - `directory`: the private directory of one run; `placed`: the files of such a run that lie elsewhere
//! - `kept`: files by name in one directory, which outlive the run
//! - `access`: the lists of Windows
//! - `read`, `facts` and `trust`: what is there already, and who could have written it

#![expect(
    clippy::disallowed_methods,
    reason = "every file and directory is made here"
)]
#![cfg_attr(
    not(unix),
    allow(
        dead_code,
        reason = "owners, modes and links are told there by other means"
    )
)]

#[cfg(any(windows, test))]
mod access;
mod appended;
mod directory;
mod draft;
mod facts;
mod kept;
mod lock;
mod output;
mod place;
mod placed;
mod read;
mod trust;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use appended::Appended;
pub use directory::{PrivateDirectory, is_closed_to_others, places, sweep};
pub use kept::{KeptFile, KeptFiles, Listed};
pub use lock::{Lock, lock};
pub use output::{Output, Rights};
pub use placed::{PlacedFile, expect_free};
pub use read::{Content, read};
pub use trust::{Concern, Policy, can_be_closed, is_trusted};

use crate::input;

use place::{Missing, Strangers};

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
    /// It is not what it was when it was judged.
    #[error("{path} was changed by somebody else meanwhile")]
    Changed { path: PathBuf },
    /// Its file system has no locks, or the server of it gives none.
    #[error("the file system of {path} cannot lock files")]
    NoLocks { path: PathBuf, source: io::Error },
    /// It has the name of the lock file. `heir` is the user to whom it could be given.
    #[error("cannot lock {path}, {what} that belongs to user {owner}")]
    NoLock {
        path: PathBuf,
        what: &'static str,
        owner: u32,
        heir: Option<u32>,
    },
    /// A mount point cannot be renamed over.
    #[error("{path} is a mount point by itself and cannot be replaced")]
    MountPoint { path: PathBuf },
    #[error("{path} is not a regular file")]
    NotRegular { path: PathBuf },
    #[error("only a part of what was to be added to {path} was written")]
    CutOff { path: PathBuf, source: io::Error },
    /// Nothing is overwritten.
    #[error("{path} exists already")]
    Exists { path: PathBuf },
    /// No place takes a private directory, or none is closed to others; the source is the last one's.
    #[error("no private directory can be made in {}", list(.places))]
    NoDirectory {
        places: Vec<PathBuf>,
        source: io::Error,
    },
    /// Nothing secret is given to them, and nothing is taken from them.
    #[error("{path} belongs to another user ({owner}) and cannot be written to")]
    Owner { path: PathBuf, owner: u32 },
    /// Others could take what is ours away, or put something in its place.
    #[error("{path}, or a directory above it, can be changed by other users")]
    Open { path: PathBuf },
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

    pub fn is_too_large(&self) -> bool {
        let Self::Io { source, .. } = self else {
            return false;
        };
        let cause = source.get_ref().and_then(|cause| cause.downcast_ref());
        matches!(cause, Some(input::Error::TooLarge { .. }))
    }
}

fn list(places: &[PathBuf]) -> String {
    let places: Vec<_> = places
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    match places.is_empty() {
        true => {
            "XDG_RUNTIME_DIR or the temporary directory: neither is closed to others".to_owned()
        }
        false => places.join(", "),
    }
}

/// Replaces `path` with `contents` at 0600; a failure leaves the old file as it was. Whoever shares the file with
/// other processes holds its `Lock` and saves through that instead.
pub fn replace(path: &Path, contents: &[u8]) -> Result<(), Error> {
    Output::at(path, Rights::Private)?.write(contents)
}

/// Removes a file of ours; one that is not there is no failure.
pub fn remove(path: &Path) -> Result<(), Error> {
    let place = place::to_write(path, Missing::Refused)?;
    match place.found {
        Some(found) if found.owner == trust::us() => {
            let removed = place.directory.remove(&place.name, &found);
            removed.map_err(Error::io("remove", path))
        }
        _ => Ok(()),
    }
}

/// Removes files of ours beside `path` whose names are meant, and that nobody changed for so long.
pub fn sweep_old(path: &Path, is_meant: impl Fn(&str) -> bool, age: Duration) {
    let Ok(place) = place::to_write(path, Missing::Refused) else {
        return;
    };
    for name in place.directory.names().unwrap_or_default() {
        if is_meant(&name.to_string_lossy()) {
            let _ = draft::remove_if_old(&place.directory, &name, age);
        }
    }
}

/// Creates a directory that only its user can enter, and its parents; one that exists stays as it is.
pub fn create_directory(path: &Path) -> Result<(), Error> {
    place::directory(path, Strangers::Refused, Missing::Made).map(drop)
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
