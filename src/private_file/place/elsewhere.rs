//! Where there are no descriptors of directories: a directory by its path. Making a link there takes a right that
//! strangers do not have.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::windows_names::{self, DEVICES};
use super::{Missing, Place, Strangers};
use crate::private_file::facts::Facts;
use crate::private_file::{Error, access};

#[derive(Debug)]
pub(in crate::private_file) struct Directory(PathBuf);

pub(in crate::private_file) fn walk(
    path: &Path,
    strangers: Strangers,
    missing: Missing,
) -> Result<Place, Error> {
    if let Some(name) = windows_names::device(path) {
        return Ok(Place {
            name: name.into(),
            found: Some(Facts::device()),
            directory: Directory(DEVICES.into()),
            shown: path.to_owned(),
            is_open_already: false,
            concerns: Vec::new(),
        });
    }
    let path =
        fs::canonicalize(path).map_or_else(|_| path.to_owned(), windows_names::without_prefix);
    let failed = |kind: io::ErrorKind| Error::io("open", &path)(kind.into());
    let Some(name) = path.file_name().filter(|_| !path.is_dir()) else {
        return Err(failed(io::ErrorKind::IsADirectory));
    };
    let holder = path.parent().unwrap_or(Path::new(""));
    let directory = directory(holder, strangers, missing)?;
    let found = directory.look(name).map_err(Error::io("open", &path))?;
    Ok(Place {
        name: name.to_owned(),
        found,
        directory,
        shown: path.clone(),
        is_open_already: false,
        concerns: Vec::new(),
    })
}

pub(in crate::private_file) fn directory(
    path: &Path,
    _: Strangers,
    missing: Missing,
) -> Result<Directory, Error> {
    let path = match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    };
    if missing == Missing::Made {
        make(path).map_err(Error::io("create", path))?;
    }
    match path.is_dir() {
        true => Ok(Directory(path.to_owned())),
        false => Err(Error::io("open", path)(io::ErrorKind::NotFound.into())),
    }
}

/// Makes a directory that is ours alone, and those above it.
fn make(path: &Path) -> io::Result<()> {
    let holder = path.parent();
    match (fs::create_dir(path), holder) {
        (Ok(()), _) => access::close_directory(path),
        (Err(reason), Some(holder)) if reason.kind() == io::ErrorKind::NotFound => {
            make(holder)?;
            fs::create_dir(path)?;
            access::close_directory(path)
        }
        (Err(_), _) if path.is_dir() => Ok(()),
        (Err(reason), _) => Err(reason),
    }
}

impl Directory {
    pub(in crate::private_file) fn path(&self) -> &Path {
        &self.0
    }

    pub(in crate::private_file) fn again(&self) -> io::Result<Self> {
        Ok(Self(self.0.clone()))
    }

    pub(in crate::private_file) fn facts(&self) -> io::Result<Facts> {
        access::look(&self.0)
    }

    pub(in crate::private_file) fn look(&self, name: &OsStr) -> io::Result<Option<Facts>> {
        match access::look(&self.0.join(name)) {
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
            found => Ok(Some(found?)),
        }
    }

    pub(in crate::private_file) fn open(&self, name: &OsStr) -> io::Result<File> {
        File::open(self.0.join(name))
    }

    pub(in crate::private_file) fn open_again(&self, name: &OsStr) -> io::Result<File> {
        self.open(name)
    }

    pub(in crate::private_file) fn open_to_append(
        &self,
        name: &OsStr,
        _: bool,
    ) -> io::Result<File> {
        let mut options = OpenOptions::new();
        // Nothing is behind the end of a device, and some refuse to look for it.
        let is_device = self.0 == Path::new(DEVICES);
        options.write(is_device).append(!is_device);
        options.open(self.0.join(name))
    }

    pub(in crate::private_file) fn create(&self, name: &OsStr) -> io::Result<File> {
        access::create(&self.0.join(name))
    }

    pub(in crate::private_file) fn create_unnamed(&self) -> Option<File> {
        None
    }

    pub(in crate::private_file) fn name_it(&self, _: &File, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(in crate::private_file) fn rename_over(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    /// Nothing may have the name yet.
    pub(in crate::private_file) fn rename_to_new(
        &self,
        from: &OsStr,
        to: &OsStr,
    ) -> io::Result<()> {
        let from = tempfile::TempPath::try_from_path(self.0.join(from))?;
        Ok(from.persist_noclobber(self.0.join(to))?)
    }

    /// Removes the file of this name, if it is still the one meant.
    pub(in crate::private_file) fn remove(&self, name: &OsStr, meant: &Facts) -> io::Result<()> {
        match self.look(name)? {
            Some(found) if found.is_same(meant) => fs::remove_file(self.0.join(name)),
            _ => Ok(()),
        }
    }

    pub(in crate::private_file) fn names(&self) -> io::Result<Vec<OsString>> {
        let entries = fs::read_dir(&self.0)?.flatten();
        Ok(entries.map(|entry| entry.file_name()).collect())
    }

    /// A directory cannot be opened there, and a rename is journalled.
    pub(in crate::private_file) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    pub(in crate::private_file) fn refuse_mount_point(&self, _: &OsStr) -> Result<(), Error> {
        Ok(())
    }

    pub(in crate::private_file) fn can_write(&self, _: &OsStr) -> bool {
        true
    }
}
