//! The file that becomes the new one: written beside the old, then renamed over it (D15).

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::signals::Hold;
use super::{Error, directory_of, private_options};

const RANDOM: usize = 8;
const SUFFIX: &str = ".new";

/// Owner and mode of a draft.
pub(super) enum Mode<'a> {
    /// Ours, 0600.
    Private,
    /// Like the file it replaces, less what others may do (D4).
    Like(&'a Metadata),
    Same(&'a Metadata),
}

/// `.<file name>.<8 random>.new`, which disappears when dropped.
pub(super) struct Draft {
    // Fields drop in this order: the file goes before the signals it held back come through.
    file: NamedTempFile<File>,
    target: PathBuf,
    _hold: Hold,
}

impl Draft {
    pub(super) fn beside(target: &Path, mode: Mode<'_>) -> Result<Self, Error> {
        let failed = || Error::io("write", target);
        let Some(name) = target.file_name() else {
            return Err(Error::NotRegular {
                path: target.to_owned(),
            });
        };
        refuse_mount_point(target)?;
        let mut prefix = OsString::from(".");
        prefix.push(name);
        prefix.push(".");
        let hold = Hold::begin();
        let file = tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(SUFFIX)
            .rand_bytes(RANDOM)
            .make_in(directory_of(target), create)
            .map_err(failed())?;
        let draft = Self {
            file,
            target: target.to_owned(),
            _hold: hold,
        };
        let shaped = match mode {
            Mode::Private => private(draft.file.as_file(), target),
            Mode::Like(old) => take_after(draft.file.as_file(), old, 0o770),
            Mode::Same(old) => take_after(draft.file.as_file(), old, 0o777),
        };
        match shaped {
            Ok(()) => Ok(draft),
            Err(reason) if reason.kind() == io::ErrorKind::PermissionDenied => Err(Error::Owner {
                path: target.to_owned(),
            }),
            Err(reason) => Err(failed()(reason)),
        }
    }

    pub(super) fn write_synced(&mut self, contents: &[u8]) -> Result<(), Error> {
        self.file
            .write_all(contents)
            .and_then(|()| self.file.as_file().sync_all())
            .map_err(Error::io("write", &self.target))
    }

    pub(super) fn rename_over(self) -> Result<(), Error> {
        self.file
            .persist(&self.target)
            .map_err(|failure| Error::io("write", &self.target)(failure.error))?;
        sync_directory(&self.target)
    }

    pub(super) fn place_new(self) -> Result<(), Error> {
        self.file
            .persist_noclobber(&self.target)
            .map_err(|failure| Error::io("create", &self.target)(failure.error))?;
        sync_directory(&self.target)
    }
}

/// The umask can only take bits away, which `private` puts back.
fn create(path: &Path) -> io::Result<File> {
    private_options().create_new(true).open(path)
}

/// Whether `name` is a draft of `target`, or of a pending bind beside it, that a killed process left.
pub(super) fn is_leftover(name: &str, target: &str) -> bool {
    let Some((of, random)) = name
        .strip_prefix('.')
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .and_then(|rest| rest.rsplit_once('.'))
    else {
        return false;
    };
    let pending = of
        .strip_prefix('.')
        .and_then(|rest| rest.strip_prefix(target))
        .is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".pending"));
    (of == target || pending)
        && random.len() == RANDOM
        && random.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Makes a rename survive a power cut.
pub(super) fn sync_directory(path: &Path) -> Result<(), Error> {
    if cfg!(not(unix)) {
        return Ok(()); // A directory cannot be opened there, and the rename is journalled.
    }
    let directory = directory_of(path);
    let synced = File::open(directory).and_then(|open| open.sync_all());
    match synced {
        // Some network and FUSE file systems have no fsync for directories, and one may be closed to reading.
        Err(reason)
            if matches!(
                reason.kind(),
                io::ErrorKind::InvalidInput
                    | io::ErrorKind::Unsupported
                    | io::ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        result => result.map_err(Error::io("write", directory)),
    }
}

/// 0600, and what root edits for a user stays the user's. A file system without modes keeps its own whatever we say;
/// reading from there warns. A file with a second name is left alone: whoever may write to the directory could have made
/// it of a file of somebody else's.
#[cfg(unix)]
pub(super) fn private(file: &File, target: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let found = file.metadata()?;
    if found.nlink() > 1 {
        return Ok(());
    }
    if found.mode() & 0o7777 != 0o600 {
        let _ = file.set_permissions(std::fs::Permissions::from_mode(0o600));
    }
    match std::fs::metadata(target) {
        Ok(old) if super::effective_user() == 0 && old.uid() != 0 => {
            fchown(file, Some(old.uid()), Some(old.gid()))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
pub(super) fn private(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn take_after(file: &File, old: &Metadata, kept: u32) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let new = file.metadata()?;
    let mut mode = old.mode() & kept;
    if new.uid() != old.uid() {
        fchown(file, Some(old.uid()), None)?;
    }
    if new.gid() != old.gid() && fchown(file, None, Some(old.gid())).is_err() {
        // The file stays in another group, which gets none of the old group's rights.
        mode &= 0o700;
    }
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn take_after(_: &File, _: &Metadata, _: u32) -> io::Result<()> {
    Ok(())
}

/// A file mounted by itself (as containers like to) refuses the rename, which would come to light too late.
#[cfg(target_os = "linux")]
pub(super) fn refuse_mount_point(path: &Path) -> Result<(), Error> {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    match statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::TYPE) {
        Ok(facts) if facts.stx_attributes.contains(StatxAttributes::MOUNT_ROOT) => {
            Err(Error::MountPoint {
                path: path.to_owned(),
            })
        }
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn refuse_mount_point(_: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_are_told_from_other_files() {
        for (name, expected) in [
            (".keeper.ini.aB3dE6gH.new", true),
            ("..keeper.ini.0123456789abcdef.pending.aB3dE6gH.new", true),
            (".keeper.ini.aB3dE6g.new", false),
            (".keeper.ini.aB3dE6gHi.new", false),
            (".keeper.ini.aB3d-6gH.new", false),
            (".other.ini.aB3dE6gH.new", false),
            ("keeper.ini.aB3dE6gH.new", false),
            (".keeper.ini.0123456789abcdef.pending", false),
            (".keeper.ini", false),
            ("keeper.ini", false),
            (".new", false),
        ] {
            assert_eq!(is_leftover(name, "keeper.ini"), expected, "{name}");
        }
    }
}
