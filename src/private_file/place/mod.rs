//! A name in a directory that is open. Who may put what there is decided on descriptors, and no path is looked at twice.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;
#[cfg(unix)]
mod walk;
#[cfg(any(not(unix), test))]
mod windows_names;

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(not(unix))]
pub(super) use elsewhere::{Directory, directory, walk};
#[cfg(unix)]
pub(super) use unix::Directory;
#[cfg(unix)]
pub(super) use walk::{directory, walk};

use super::facts::Facts;
use super::trust::{self, Concern};
use super::{Error, Policy};

/// What the walk does about the links of strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strangers {
    /// They are refused: what is written must not be led elsewhere.
    Refused,
    /// They are followed and told: what is read was named, or is refused later.
    Told,
}

/// What the walk does about directories that are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Refused,
    Made,
}

/// Where a walk along a path ended.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) directory: Directory,
    pub(super) name: OsString,
    pub(super) found: Option<Facts>,
    /// The path that was walked, which is the one to tell of.
    pub(super) shown: PathBuf,
    /// The name stands for something that this process has open.
    pub(super) is_open_already: bool,
    /// Links of strangers that were followed.
    pub(super) concerns: Vec<Concern>,
}

/// Whose the file will be that takes this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Ours,
    /// Root writes for the user whose file and directory these are.
    Kept,
}

impl Strangers {
    /// A verb for errors.
    fn action(self) -> &'static str {
        match self {
            Self::Refused => "write",
            Self::Told => "read",
        }
    }
}

impl Place {
    /// The path with its links resolved.
    pub(super) fn path(&self) -> PathBuf {
        self.directory.path().join(&self.name)
    }

    /// Another name in the same directory.
    pub(super) fn sibling(&self, name: OsString) -> Result<Self, Error> {
        Self::within(&self.directory, name)
    }

    pub(super) fn within(directory: &Directory, name: OsString) -> Result<Self, Error> {
        let again = directory.again();
        let directory = again.map_err(Error::io("open", directory.path()))?;
        let mut place = Self {
            shown: directory.path().join(&name),
            directory,
            name,
            found: None,
            is_open_already: false,
            concerns: Vec::new(),
        };
        place.look_again()?;
        Ok(place)
    }

    pub(super) fn look_again(&mut self) -> Result<(), Error> {
        let found = self.directory.look(&self.name);
        self.found = found.map_err(Error::io("read", &self.path()))?;
        Ok(())
    }

    /// Nobody but us and root owns the result, unless we are root, and `is_named` file and directory are one user's.
    pub(super) fn owner(&self, is_named: bool) -> Result<Owner, Error> {
        let Some(found) = &self.found else {
            return Ok(Owner::Ours);
        };
        if trust::is_trusted(found.owner) {
            return Ok(Owner::Ours);
        }
        let holder = self.directory.facts().map(|facts| facts.owner);
        let is_one_users = holder.is_ok_and(|owner| owner == found.owner);
        // The overflow user is many.
        if trust::us() == 0 && is_named && is_one_users && !trust::is_overflow(found.owner) {
            return Ok(Owner::Kept);
        }
        Err(Error::Owner {
            path: self.path(),
            owner: found.owner,
        })
    }

    /// A name that nothing has yet; a regular file that may take its place.
    pub(super) fn refuse_what_is_no_file(&self) -> Result<(), Error> {
        match &self.found {
            Some(found) if !found.is_file() => Err(Error::NotRegular { path: self.path() }),
            _ => self.directory.refuse_mount_point(&self.name),
        }
    }

    /// Opens what lies there to read it, without waiting for the other end of a FIFO.
    pub(super) fn open(&self) -> Result<File, Error> {
        let opened = match self.is_open_already {
            true => self.directory.open_again(&self.name),
            false => self.directory.open(&self.name),
        };
        opened.map_err(Error::io("read", &self.shown))
    }

    /// What is to be said of a file that is read here.
    pub(super) fn concern(&self, found: &Facts, policy: Policy) -> Option<Concern> {
        let path = self.shown.clone();
        let Facts { owner, mode, .. } = *found;
        let is_invoker = policy
            == Policy::Found {
                invoker: Some(owner),
            };
        let holder = self.directory.facts();
        let is_stand_in = holder.is_ok_and(|holder| trust::is_stand_in(found, &holder))
            && !self.directory.can_write(&self.name);
        if !trust::is_trusted(owner) && !is_invoker && !is_stand_in {
            Some(Concern::Stranger { path, owner })
        } else if trust::is_open_to_others(found) {
            Some(Concern::Writable { path, mode })
        } else {
            (mode & 0o077 != 0).then_some(Concern::Readable { path, mode })
        }
    }
}

/// A directory in the place of a store says so.
pub(super) fn no_file(path: &Path) -> impl FnOnce(Error) -> Error {
    let path = path.to_owned();
    move |error| match error {
        Error::Io { source, .. } if source.kind() == io::ErrorKind::IsADirectory => {
            Error::NotRegular { path }
        }
        error => error,
    }
}

/// Walks to a place that is written to.
pub(super) fn to_write(path: &Path, missing: Missing) -> Result<Place, Error> {
    walk(path, Strangers::Refused, missing)
}

/// Walks to a file that is read.
pub(super) fn to_read(path: &Path, policy: Policy) -> Result<(Place, Facts), Error> {
    let walked = walk(path, Strangers::Told, Missing::Refused);
    let mut place = walked.map_err(no_file(path))?;
    if policy == Policy::Blind {
        place.concerns.clear();
    }
    match place.found {
        Some(found) => Ok((place, found)),
        // In the system's own words: ENOENT, and on Windows ERROR_FILE_NOT_FOUND.
        None => Err(Error::io("read", path)(io::Error::from_raw_os_error(2))),
    }
}
