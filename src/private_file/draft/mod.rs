//! The file that becomes the new one: written without a name where the system has such files, else beside the old; then
//! put in the place (D15).

mod name;

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::time::Duration;

#[cfg(not(unix))]
use super::access;
use super::facts::Facts;
use super::place::{Directory, Owner, Place};
use super::{Error, trust};
use crate::signals::Hold;
use name::{is_leftover, random_name};

pub(super) use name::target_of;

/// A sweep may take a draft away before it is locked. Three times in a row is no accident.
const ATTEMPTS: usize = 3;

/// Owner and mode of the result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// 0600 and the group of the owner, or like this file with some of its rights.
    pub(super) like: Option<(Facts, u32)>,
    /// The user whom root writes for, with their group.
    pub(super) kept: Option<(u32, u32)>,
}

impl Shape {
    /// 0600.
    pub(super) fn private(place: &Place, owner: Owner) -> Self {
        let kept = place.found.filter(|_| owner == Owner::Kept);
        Self {
            like: None,
            kept: kept.map(|found| (found.owner, found.group)),
        }
    }

    /// Like `model`, with those of its rights that are in `mode`.
    pub(super) fn like(self, model: Option<Facts>, mode: u32) -> Self {
        let like = model.map(|model| (model, mode));
        Self { like, ..self }
    }

    /// Everything by the descriptor; the last right is given when the owner is right.
    #[cfg(unix)]
    pub(super) fn give(self, file: &File, _: &Place) -> io::Result<()> {
        use std::os::unix::fs::{PermissionsExt, fchown};
        if let Some((user, group)) = self.kept {
            fchown(file, Some(user), Some(group))?;
        }
        let Some((model, kept)) = self.like else {
            return Ok(());
        };
        let mut mode = model.mode & kept;
        let has_group = Facts::of(file)?.group == model.group;
        if !has_group && fchown(file, None, Some(model.group)).is_err() {
            // The file stays in another group, which gets none of the old group's rights.
            mode &= 0o700;
        }
        file.set_permissions(std::fs::Permissions::from_mode(mode))
    }

    /// A file has a list of its own from birth.
    #[cfg(not(unix))]
    pub(super) fn give(self, file: &File, place: &Place) -> io::Result<()> {
        let Some((_, mode)) = self.like.filter(|_| place.found.is_some()) else {
            return Ok(());
        };
        let everybody = match mode & 0o007 {
            0 => access::Everybody::LeftOut,
            _ => access::Everybody::Kept,
        };
        access::keep(file, &place.path(), everybody)
    }
}

/// Disappears when dropped.
pub(super) struct Draft<'p> {
    // Fields drop in this order: the file goes before the signals it held back come through.
    file: DraftFile<'p>,
    place: &'p Place,
    _hold: Hold,
}

struct DraftFile<'p> {
    open: File,
    /// `.<file name>.<8 random>.new`, if it has a name.
    name: Option<OsString>,
    directory: &'p Directory,
}

impl Drop for DraftFile<'_> {
    fn drop(&mut self) {
        if let (Some(name), Ok(found)) = (&self.name, Facts::of(&self.open)) {
            let _ = self.directory.remove(name, &found);
        }
    }
}

/// Puts `contents` in the place of what was found there, or of nothing. A failure leaves what was there.
pub(super) fn put(place: &Place, contents: &[u8], shape: Shape) -> Result<(), Error> {
    sweep(place);
    let mut draft = Draft::filled(place, contents, shape, Draft::unnamed)?;
    if draft.file.name.is_none() && draft.name_it().is_err() {
        // Some file systems, and some rules of containers, give no name to a file without one.
        draft = Draft::filled(place, contents, shape, Draft::named)?;
    }
    draft.put()
}

/// Tries whether `size` bytes could be put there, and leaves nothing behind.
pub(super) fn try_put(place: &Place, size: usize, shape: Shape) -> Result<(), Error> {
    sweep(place);
    Draft::filled(place, &vec![b'\n'; size], shape, Draft::unnamed).map(drop)
}

impl<'p> Draft<'p> {
    fn filled(
        place: &'p Place,
        contents: &[u8],
        shape: Shape,
        make: fn(&'p Place) -> Result<Self, Error>,
    ) -> Result<Self, Error> {
        place.refuse_what_is_no_file()?;
        let mut draft = make(place)?;
        let open = &mut draft.file.open;
        let written = open.write_all(contents);
        let written = written.and_then(|()| shape.give(open, place));
        let written = written.and_then(|()| open.sync_all());
        written.map_err(Error::io("write", &place.path()))?;
        Ok(draft)
    }

    fn unnamed(place: &'p Place) -> Result<Self, Error> {
        let hold = Hold::begin();
        match place.directory.create_unnamed() {
            // A draft that is locked is nobody's leftover when it gets its name.
            Some(open) if open.try_lock().is_ok() => Ok(Self::of(open, None, place, hold)),
            _ => Self::named(place),
        }
    }

    fn named(place: &'p Place) -> Result<Self, Error> {
        let hold = Hold::begin();
        let path = place.path();
        let failed = || Error::io("write", &path);
        for _ in 0..ATTEMPTS {
            let name = random_name(&place.name).map_err(failed())?;
            let open = match place.directory.create(&name) {
                Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => continue,
                opened => opened.map_err(failed())?,
            };
            // Where nothing locks, nothing sweeps either.
            let _ = open.try_lock();
            let is_there = place.directory.look(&name).map_err(failed())?.is_some();
            if is_there {
                return Ok(Self::of(open, Some(name), place, hold));
            }
        }
        Err(failed()(io::ErrorKind::AlreadyExists.into()))
    }

    fn of(open: File, name: Option<OsString>, place: &'p Place, hold: Hold) -> Self {
        let directory = &place.directory;
        Self {
            file: DraftFile {
                open,
                name,
                directory,
            },
            place,
            _hold: hold,
        }
    }

    /// The name of the place, if that is free; else one beside it.
    fn name_it(&mut self) -> io::Result<()> {
        let place = self.place;
        if place.found.is_none() {
            match place.directory.name_it(&self.file.open, &place.name) {
                Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => {}
                named => return named,
            }
        }
        let name = random_name(&place.name)?;
        place.directory.name_it(&self.file.open, &name)?;
        self.file.name = Some(name);
        Ok(())
    }

    fn put(mut self) -> Result<(), Error> {
        let place = self.place;
        let path = place.path();
        let failed = || Error::io("write", &path);
        if let Some(name) = self.file.name.take() {
            let moved = self.take_place(&name);
            if moved.is_err() {
                self.file.name = Some(name);
            }
            moved?;
        }
        place.directory.sync().map_err(failed())
    }

    fn take_place(&self, name: &OsStr) -> Result<(), Error> {
        let place = self.place;
        let directory = &place.directory;
        let path = || place.path();
        let Some(expected) = &place.found else {
            return directory
                .rename_to_new(name, &place.name)
                .map_err(|reason| match reason.kind() {
                    io::ErrorKind::AlreadyExists => Error::Exists { path: path() },
                    _ => Error::io("write", &path())(reason),
                });
        };
        match directory.look(&place.name) {
            Ok(Some(found)) if found.is_same(expected) => {}
            Ok(_) => return Err(Error::Changed { path: path() }),
            Err(reason) => return Err(Error::io("write", &path())(reason)),
        }
        let moved = directory.rename_over(name, &place.name);
        moved.map_err(Error::io("write", &path()))
    }
}

/// Removes what killed runs left of this place. Best effort: what cannot be listed, locked or removed stays.
pub(super) fn sweep(place: &Place) {
    let target = place.name.to_string_lossy();
    let names = place.directory.names().unwrap_or_default();
    for name in names {
        if is_leftover(&name.to_string_lossy(), &target) {
            let _ = remove_if_dead(&place.directory, &name);
        }
    }
}

pub(super) fn remove_if_dead(directory: &Directory, name: &OsStr) -> io::Result<()> {
    let open = directory.open_to_append(name, false)?;
    let found = Facts::of(&open)?;
    let is_dead = match open.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    };
    if is_dead && found.is_file() && found.owner == trust::us() {
        directory.remove(name, &found)?;
    }
    Ok(())
}

/// Removes a file of ours that nobody changed for so long.
pub(super) fn remove_if_old(directory: &Directory, name: &OsStr, age: Duration) -> io::Result<()> {
    let open = directory.open(name)?;
    let found = Facts::of(&open)?;
    let is_old = open
        .metadata()?
        .modified()?
        .elapsed()
        .is_ok_and(|since| since > age);
    match is_old && found.is_file() && found.owner == trust::us() {
        true => directory.remove(name, &found),
        false => Ok(()),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
