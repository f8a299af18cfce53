//! The private directory of one run, and the sweeping of those that killed runs left. The lock on a file in it ends with
//! its holder, however that ends, and so tells the living from the dead.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Error;
#[cfg(windows)]
use super::access;
use super::place::{self, Directory, Missing, Strangers};
#[cfg(unix)]
use super::placed;
use super::placed::PlacedFile;
#[cfg(unix)]
use super::trust;
use crate::environment::{Environment, names};

const PREFIX: &str = "ksm-private-";
const LOCK: &str = "lock";
/// Precedes the identity of a file outside in the name of the link to it.
#[cfg(unix)]
const NOTE: &str = "placed-";
/// A sweep may take a directory away before it is locked. Three times in a row is no accident.
const ATTEMPTS: usize = 3;

/// A directory that only its user can enter. It goes when this is dropped.
#[derive(Debug)]
pub struct PrivateDirectory {
    directory: TempDir,
    open: Directory,
    files: usize,
    lock: Option<File>,
}

impl PrivateDirectory {
    /// Makes one in the first of `places` that takes it.
    pub fn create(places: &[PathBuf]) -> Result<Self, Error> {
        let mut reason = io::Error::from(io::ErrorKind::NotFound);
        for place in places {
            for _ in 0..ATTEMPTS {
                match Self::create_in(place) {
                    Ok(Some(directory)) => return Ok(directory),
                    Ok(None) => {}
                    Err(source) => {
                        reason = source;
                        break;
                    }
                }
            }
        }
        Err(Error::NoDirectory {
            places: places.to_vec(),
            source: reason,
        })
    }

    fn create_in(place: &Path) -> io::Result<Option<Self>> {
        let closed = judge(place).ok_or(io::ErrorKind::PermissionDenied)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let directory = builder.tempdir_in(closed)?;
        #[cfg(windows)]
        access::close_directory(directory.path())?;
        // The umask may have taken bits away.
        #[cfg(unix)]
        fs::set_permissions(
            &directory,
            std::os::unix::fs::PermissionsExt::from_mode(0o700),
        )?;
        let open = place::directory(directory.path(), Strangers::Refused, Missing::Refused);
        let open = open.map_err(io::Error::other)?;
        let lock = match open.create(OsStr::new(LOCK)) {
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let is_ours = lock.try_lock().is_ok() && open.look(OsStr::new(LOCK))?.is_some();
        Ok(is_ours.then_some(Self {
            directory,
            open,
            files: 0,
            lock: Some(lock),
        }))
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Writes a new file whose name says nothing.
    pub fn write(&mut self, content: &[u8]) -> Result<PathBuf, Error> {
        self.files += 1;
        self.write_as(&self.files.to_string(), content)
    }

    pub fn write_as(&self, name: &str, content: &[u8]) -> Result<PathBuf, Error> {
        let path = self.path().join(name);
        let file = self.open.create(OsStr::new(name));
        let written = file.and_then(|mut file| file.write_all(content));
        written.map_err(Error::io("write", &path))?;
        Ok(path)
    }

    /// Notes a file elsewhere that is to go with this directory: a link keeps any path as it is.
    #[cfg(unix)]
    pub fn note(&self, file: &PlacedFile) {
        let name = format!("{NOTE}{}", file.identity());
        // A failure costs little: only a kill leaves the file behind.
        let _ = std::os::unix::fs::symlink(file.path(), self.path().join(name));
    }

    #[cfg(not(unix))]
    pub fn note(&self, _: &PlacedFile) {}
}

impl Drop for PrivateDirectory {
    /// The lock is held until there is nothing left to guard.
    fn drop(&mut self) {
        remove_locked(self.directory.path(), self.lock.take());
    }
}

/// Removes a directory with the lock that is held on it. Where a file that is open keeps its name, as on Windows, the
/// lock and the directory go last.
fn remove_locked(directory: &Path, lock: Option<File>) {
    let _ = fs::remove_dir_all(directory);
    drop(lock);
    let _ = fs::remove_dir_all(directory);
}

/// Where private directories go, the best first: storage that is memory, then the one that is there everywhere. A place
/// that others could have filled is none.
pub fn places(environment: &Environment) -> Vec<PathBuf> {
    let runtime = environment
        .get(names::XDG_RUNTIME_DIR)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute());
    let shared = cfg!(target_os = "linux").then(|| PathBuf::from("/dev/shm"));
    let all = runtime
        .into_iter()
        .chain(shared)
        .chain([environment.temporary_directory().to_owned()]);
    all.filter_map(|path| judge(&path)).collect()
}

/// Whether files of ours in a directory stay ours.
pub fn is_closed_to_others(place: &Path) -> bool {
    judge(place).is_some()
}

/// The path with its links resolved. `None` where the directory, or one on the way there, is a stranger's, or one in
/// which others can replace what is ours.
#[cfg(unix)]
fn judge(place: &Path) -> Option<PathBuf> {
    let look = |at: &Path| {
        let at = place::directory(at, Strangers::Refused, Missing::Refused).ok()?;
        let found = at.facts().ok()?;
        Some((at.path().to_owned(), found))
    };
    let (path, found) = look(&std::path::absolute(place).ok()?)?;
    let is_closed = |at: &Path| {
        look(at).is_some_and(|(path, found)| {
            trust::keeps_ours(&path, &found) || trust::is_passable(&found)
        })
    };
    let is_ours = trust::keeps_ours(&path, &found) && path.ancestors().skip(1).all(is_closed);
    is_ours.then_some(path)
}

#[cfg(not(unix))]
fn judge(place: &Path) -> Option<PathBuf> {
    Some(place.to_owned())
}

/// Removes the directories in these `places()` that are ours and nobody's any more, and the files noted in them. What cannot
/// be removed stays, and is no failure.
pub fn sweep(places: &[PathBuf]) {
    places.iter().for_each(|place| sweep_one(place));
}

fn sweep_one(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let is_meant = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_meant && entry.metadata().is_ok_and(|about| is_private(&about)) {
            remove_if_dead(&entry.path());
        }
    }
}

fn remove_if_dead(directory: &Path) {
    let open = OpenOptions::new().write(true).open(directory.join(LOCK));
    let dead = match open {
        Ok(lock) => lock.try_lock().is_ok().then_some(lock),
        // Killed before it could lock, or about to: it holds nothing, and if it does by now, the removal fails.
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => {
            let _ = fs::remove_dir(directory);
            None
        }
        Err(_) => None,
    };
    if dead.is_some() {
        #[cfg(unix)]
        remove_noted(directory);
        remove_locked(directory, dead);
    }
}

#[cfg(unix)]
fn remove_noted(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if let Some(identity) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.strip_prefix(NOTE))
            && let Ok(path) = fs::read_link(entry.path())
        {
            placed::remove_if_same(&path, identity);
        }
    }
}

/// A directory, no link to one, that nobody else can have filled.
#[cfg(unix)]
fn is_private(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    about.is_dir() && about.uid() == trust::us() && about.mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_private(about: &fs::Metadata) -> bool {
    about.is_dir()
}

#[cfg(test)]
mod tests;
