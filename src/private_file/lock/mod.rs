//! The lock of a store, which has one writer at a time (D13), and saving under it.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::draft::{self, Shape};
use super::facts::{Facts, Kind};
use super::place::{self, Missing, Owner, Place};
use super::read::{Content, content};
use super::{Error, Policy, trust};

const PAUSE: Duration = Duration::from_millis(50);

/// The right to change one store, kept until dropped. Whose the store will be was decided with the lock. The lock file
/// `<name>.lock` is empty, and stays beside a store.
#[derive(Debug)]
pub struct Lock {
    place: Place,
    path: PathBuf,
    policy: Policy,
    owner: Owner,
    file: LockFile,
}

#[derive(Debug)]
struct LockFile {
    open: File,
    is_ours: bool,
}

/// Waits at most `patience` for the store at `path`, which need not exist yet.
pub async fn lock(path: &Path, policy: Policy, patience: Duration) -> Result<Lock, Error> {
    let started = Instant::now();
    loop {
        let place = prepare(path, policy)?;
        // Whoever had it may remove it.
        if let Some(file) = open(&place)?
            && is_locked(&file.open, &place)?
            && file.is_beside(&place)?
        {
            return Lock::new(place, policy, file);
        }
        if started.elapsed() >= patience {
            return Err(Error::Busy {
                path: place.path(),
                seconds: patience.as_secs(),
            });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn prepare(path: &Path, policy: Policy) -> Result<Place, Error> {
    let place = place::to_write(path, Missing::Refused);
    let place = place.map_err(place::no_file(path))?;
    place.refuse_what_is_no_file()?;
    owner(&place, policy)?;
    Ok(place)
}

fn owner(place: &Place, policy: Policy) -> Result<Owner, Error> {
    let is_named = place.found.is_some_and(|found| policy.is_for(found.owner));
    place.owner(is_named)
}

fn is_locked(file: &File, place: &Place) -> Result<bool, Error> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) if is_no_lock(&source) => Err(Error::NoLocks {
            path: place.path(),
            source,
        }),
        Err(TryLockError::Error(source)) => Err(Error::io("lock", &place.path())(source)),
    }
}

#[cfg(unix)]
fn is_no_lock(reason: &io::Error) -> bool {
    use rustix::io::Errno;
    let known = [Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOSYS, Errno::INVAL];
    let known = known.map(Errno::raw_os_error);
    reason
        .raw_os_error()
        .is_some_and(|code| known.contains(&code))
}

#[cfg(not(unix))]
fn is_no_lock(reason: &io::Error) -> bool {
    reason.kind() == io::ErrorKind::Unsupported
}

impl Lock {
    /// Looks again at what another process may have saved while the lock was waited for.
    fn new(mut place: Place, policy: Policy, file: LockFile) -> Result<Self, Error> {
        place.look_again()?;
        place.refuse_what_is_no_file()?;
        Ok(Self {
            path: place.path(),
            owner: owner(&place, policy)?,
            place,
            policy,
            file,
        })
    }

    /// The file that is locked, links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there was no store when the lock was taken.
    pub fn is_new(&self) -> bool {
        self.place.found.is_none()
    }

    /// What the store says: the one that was there when the lock was taken.
    pub fn read(&self) -> Result<Content, Error> {
        let mut place = self.place.sibling(self.place.name.clone())?;
        place.shown.clone_from(&self.place.shown);
        content(place, self.policy, self.place.found.as_ref())
    }

    /// Replaces the store, and sweeps what killed saves left. `KSM_CONFIG_SKIP_MODE` asks for the mode of the old one.
    pub fn replace(&mut self, contents: &[u8]) -> Result<(), Error> {
        draft::put(&self.place, contents, self.shape())?;
        self.place.look_again()
    }

    fn shape(&self) -> Shape {
        let private = Shape::private(&self.place, self.owner);
        match self.policy {
            Policy::Blind => private.like(self.place.found, 0o777),
            Policy::Found { .. } | Policy::Named => private,
        }
    }

    /// Tries whether the store could be replaced by `size` bytes, and leaves nothing behind.
    pub fn check_writable(&self, size: usize) -> Result<(), Error> {
        draft::try_put(&self.place, size, self.shape())
    }

    /// Replaces a file of ours that belongs to the store and lies beside it.
    pub fn replace_beside(&self, name: &str, contents: &[u8]) -> Result<(), Error> {
        draft::sweep(&self.place);
        let place = self.place.sibling(name.into())?;
        let owner = place.owner(false)?;
        draft::put(&place, contents, Shape::private(&place, owner))
    }

    /// What a file of ours beside the store says.
    pub fn read_beside(&self, name: &str) -> Result<Content, Error> {
        let place = self.place.sibling(name.into())?;
        content(place, Policy::Found { invoker: None }, None)
    }

    /// Removes a file that belongs to the store; one that is not there is no failure.
    pub fn remove_beside(&self, name: &str) -> Result<(), Error> {
        let place = self.place.sibling(name.into())?;
        let Some(found) = &place.found else {
            return Ok(());
        };
        let removed = place.directory.remove(&place.name, found);
        let removed = removed.and_then(|()| place.directory.sync());
        removed.map_err(Error::io("remove", &place.path()))
    }
}

/// A lock file of ours goes with a store that did not come to be.
impl Drop for Lock {
    fn drop(&mut self) {
        let place = &self.place;
        let is_left_over =
            self.file.is_ours && matches!(place.directory.look(&place.name), Ok(None));
        if is_left_over
            && let Ok(true) = self.file.is_beside(place)
            && let Ok(found) = Facts::of(&self.file.open)
        {
            let _ = place.directory.remove(&lock_name(place), &found);
        }
    }
}

impl LockFile {
    fn is_beside(&self, place: &Place) -> Result<bool, Error> {
        let name = lock_name(place);
        let path = place.directory.path().join(&name);
        let failed = || Error::io("lock", &path);
        let found = place.directory.look(&name).map_err(failed())?;
        let open = Facts::of(&self.open).map_err(failed())?;
        Ok(found.is_some_and(|found| open.is_same(&found)))
    }
}

fn lock_name(place: &Place) -> OsString {
    let mut name = place.name.clone();
    name.push(".lock");
    name
}

/// What root makes in a user's directory would keep the user out, so it is given to them: a lock file of ours, just
/// made, holds nothing. One that was there may be another name of any file, and stays as it is. `None` if it changes
/// meanwhile.
fn open(place: &Place) -> Result<Option<LockFile>, Error> {
    let name = lock_name(place);
    let path = place.directory.path().join(&name);
    let failed = || Error::io("lock", &path);
    match place.directory.create(&name) {
        Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => {}
        created => {
            let file = created.map_err(failed())?;
            give_to_holder(place, &file);
            return Ok(Some(LockFile {
                open: file,
                is_ours: true,
            }));
        }
    }
    let Some(found) = place.directory.look(&name).map_err(failed())? else {
        return Ok(None);
    };
    if !found.is_file() {
        return Err(no_lock(path, &found));
    }
    let open = match place.directory.open_to_append(&name, false) {
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(reason) if reason.kind() == io::ErrorKind::PermissionDenied => {
            return Err(no_lock(path, &found));
        }
        opened => opened.map_err(failed())?,
    };
    let about = Facts::of(&open).map_err(failed())?;
    Ok(about.is_same(&found).then_some(LockFile {
        open,
        is_ours: false,
    }))
}

/// A file that cannot be given away locks all the same.
fn give_to_holder(place: &Place, file: &File) {
    if let Ok(holder) = place.directory.facts()
        && trust::us() == 0
    {
        let kept = Some((holder.owner, holder.group));
        let _ = Shape { like: None, kept }.give(file, place);
    }
}

fn no_lock(path: PathBuf, found: &Facts) -> Error {
    let what = match found.kind {
        Kind::File => "a file",
        Kind::Directory => "a directory",
        Kind::Link => "a symbolic link",
        Kind::Fifo => "a FIFO",
        Kind::Other => "a device or a socket",
    };
    let us = trust::us();
    // Who an unknown owner is, and who we are to `sudo`, cannot be told in a namespace.
    let is_of_another = found.owner != us && !trust::is_overflow(found.owner);
    Error::NoLock {
        path,
        what,
        owner: found.owner,
        heir: (found.is_file() && is_of_another).then_some(us),
    }
}

#[cfg(test)]
mod tests;
