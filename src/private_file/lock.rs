//! The lock of a store, which has one writer at a time (D13), and saving under it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::draft::{Draft, Mode, is_leftover, refuse_mount_point, sync_directory};
use super::{Error, directory_of, link, private_options};
use crate::limits::LOCK;

const PAUSE: Duration = Duration::from_millis(50);

/// The right to change one store, kept until dropped. The lock file `<name>.lock` is empty and stays.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

/// Waits at most ten seconds for the store at `path`, which need not exist yet.
pub async fn lock(path: &Path) -> Result<Lock, Error> {
    let path = link::resolve(path)?;
    refuse_what_is_no_file(&path)?;
    refuse_mount_point(&path)?;
    let mut name = path.clone().into_os_string();
    name.push(".lock");
    let file = open(Path::new(&name), &path)?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { path, _file: file }),
            Err(TryLockError::WouldBlock) if started.elapsed() < LOCK => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Busy {
                    path,
                    seconds: LOCK.as_secs(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(Error::io("lock", &path)(source)),
        }
    }
}

impl Lock {
    /// The file that is locked, links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces the store, or a file that belongs to it and lies beside it, and sweeps what killed saves left.
    pub fn replace(&self, path: &Path, contents: &[u8]) -> Result<(), Error> {
        self.sweep();
        super::replace(path, contents)
    }

    /// Replaces the store and keeps the mode of the old file: what `KSM_CONFIG_SKIP_MODE` asks for.
    pub fn replace_like_before(&self, contents: &[u8]) -> Result<(), Error> {
        self.sweep();
        let Ok(old) = std::fs::metadata(&self.path) else {
            return super::replace(&self.path, contents);
        };
        let mut draft = Draft::beside(&self.path, Mode::Same(&old))?;
        draft.write_synced(contents)?;
        draft.rename_over()
    }

    /// Tries whether the store could be replaced by `size` bytes, and leaves nothing behind.
    pub fn check_writable(&self, size: usize) -> Result<(), Error> {
        self.sweep();
        Draft::beside(&self.path, Mode::Private)?.write_synced(&vec![b'\n'; size])
    }

    /// Removes a file that belongs to the store; one that is not there is no failure.
    pub fn remove(&self, path: &Path) -> Result<(), Error> {
        match std::fs::remove_file(path) {
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result
                .map_err(Error::io("remove", path))
                .and_then(|()| sync_directory(path)),
        }
    }

    /// Best effort: what cannot be listed or removed stays, and is no reason not to save.
    fn sweep(&self) {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let Ok(entries) = std::fs::read_dir(directory_of(&self.path)) else {
            return;
        };
        for entry in entries.flatten() {
            if is_leftover(&entry.file_name().to_string_lossy(), &name) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// A FIFO or directory in the place of a store cannot be saved to, and should say so before anything else happens.
fn refuse_what_is_no_file(path: &Path) -> Result<(), Error> {
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => Err(Error::NotRegular {
            path: path.to_owned(),
        }),
        _ => Ok(()),
    }
}

fn open(path: &Path, store: &Path) -> Result<File, Error> {
    let mut options = private_options();
    options.create(true).truncate(false);
    let file = options.open(path).map_err(Error::io("lock", path))?;
    // A umask can take our own rights away, and what root makes beside a user's store would be root's: either way the
    // next run would not get in.
    super::draft::private(&file, store).map_err(Error::io("lock", path))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn saving_sweeps_what_killed_saves_left_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let store = home.path().join("keeper.ini");
        for name in [".keeper.ini.aB3dE6gH.new", ".other.aB3dE6gH.new"] {
            std::fs::write(home.path().join(name), "canary").unwrap();
        }
        let lock = lock(&store).await.unwrap();
        lock.replace(&store, b"new").unwrap();
        let mut names: Vec<_> = std::fs::read_dir(home.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [".other.aB3dE6gH.new", "keeper.ini", "keeper.ini.lock"]
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_hard_linked_lock_leaves_the_other_file_unchanged() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let (store, other) = (home.path().join("keeper.ini"), home.path().join("other"));
        std::fs::write(&other, "").unwrap();
        std::fs::set_permissions(&other, PermissionsExt::from_mode(0o644)).unwrap();
        std::fs::hard_link(&other, home.path().join("keeper.ini.lock")).unwrap();
        lock(&store).await.unwrap();
        let mode = std::fs::metadata(&other).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }

    #[tokio::test]
    async fn a_second_writer_waits_for_the_first() {
        let home = tempfile::tempdir().unwrap();
        let store = home.path().join("keeper.ini");
        let first = lock(&store).await.unwrap();
        let second = tokio::time::timeout(Duration::from_millis(120), lock(&store)).await;
        assert!(second.is_err(), "the lock was given twice");
        drop(first);
        assert!(lock(&store).await.is_ok());
    }
}
