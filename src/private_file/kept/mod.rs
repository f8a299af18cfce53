//! Files by name in one directory of ours, which outlive the run: written whole, read as far as they are ours, listed and
//! removed. No link in the directory is followed.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::draft::{self, Shape};
use super::facts::Facts;
use super::place::{self, Directory, Missing, Place, Strangers};
use super::trust::{self, Concern, Policy};
use super::{Error, create_directory, is_closed_to_others};
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

/// The directory, open. Nobody else can put a file there, or take one away.
#[derive(Debug)]
pub struct KeptFiles(Directory);

#[derive(Debug)]
pub struct KeptFile {
    pub content: Sensitive<Vec<u8>>,
    pub modified: SystemTime,
}

#[derive(Debug)]
pub struct Listed {
    pub name: OsString,
    pub modified: SystemTime,
    pub length: u64,
}

impl KeptFiles {
    /// `None` where there is no such directory.
    pub fn at(path: &Path) -> Result<Option<Self>, Error> {
        let opened = place::directory(path, Strangers::Refused, Missing::Refused);
        match opened {
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            opened if is_closed_to_others(path) => Ok(Some(Self(opened?))),
            opened => {
                opened?;
                Err(Error::Open {
                    path: path.to_owned(),
                })
            }
        }
    }

    /// Makes the directory where it is missing, and those above it.
    pub fn made_at(path: &Path) -> Result<Self, Error> {
        create_directory(path)?;
        let missing = || Error::io("open", path)(io::ErrorKind::NotFound.into());
        Self::at(path)?.ok_or_else(missing)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// `None` where there is no such file.
    pub fn read(&self, name: &OsStr, limit: Limit) -> Result<Option<KeptFile>, Error> {
        let Some((open, path)) = self.open(name)? else {
            return Ok(None);
        };
        let failed = || Error::io("read", &path);
        let modified = open.metadata().and_then(|about| about.modified());
        let modified = modified.map_err(failed())?;
        let content = input::opened(&open, limit);
        let content = content.map_err(|reason| failed()(reason.into()))?;
        Ok(Some(KeptFile { content, modified }))
    }

    /// As many bytes of a file as `limit` has, at most. `None` where there is no such file.
    pub fn read_start(
        &self,
        name: &OsStr,
        limit: Limit,
    ) -> Result<Option<Sensitive<Vec<u8>>>, Error> {
        let Some((open, path)) = self.open(name)? else {
            return Ok(None);
        };
        let start = input::start(&open, limit);
        start.map(Some).map_err(Error::io("read", &path))
    }

    /// Opens a file that nobody else can have changed.
    fn open(&self, name: &OsStr) -> Result<Option<(File, PathBuf)>, Error> {
        let place = self.place(name)?;
        let path = place.path();
        let Some(found) = place.found else {
            return Ok(None);
        };
        if !found.is_file() {
            return Err(Error::NotRegular { path });
        }
        let concern = match trust::is_trusted(found.owner) {
            true => place.concern(&found, Policy::Found { invoker: None }),
            false => Some(Concern::Stranger {
                path: path.clone(),
                owner: found.owner,
            }),
        };
        if let Some(concern) = concern.filter(Concern::is_grave) {
            return Err(Error::Untrusted(concern));
        }
        let open = place.open()?;
        let opened = Facts::of(&open).map_err(Error::io("read", &path))?;
        match opened.is_same(&found) {
            true => Ok(Some((open, path))),
            false => Err(Error::Changed { path }),
        }
    }

    /// Replaces a file at 0600. Where another process replaces it at the same time, one of the two contents stays.
    pub fn write(&self, name: &OsStr, content: &[u8]) -> Result<(), Error> {
        let place = self.place(name)?;
        let owner = place.owner(false)?;
        match draft::put(&place, content, Shape::private(&place, owner)) {
            Err(Error::Changed { .. } | Error::Exists { .. }) => Ok(()),
            put => put,
        }
    }

    /// Makes `at` the time of the last change.
    pub fn mark(&self, name: &OsStr, at: SystemTime) -> Result<(), Error> {
        let place = self.place(name)?;
        let marked = place.open()?.set_modified(at);
        marked.map_err(Error::io("write", &place.path()))
    }

    /// Of whatever lies there.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        self.0.names()
    }

    /// Regular files of ours.
    pub fn list(&self) -> io::Result<Vec<Listed>> {
        let mut listed = Vec::new();
        for name in self.0.names()? {
            let Some(found) = self.0.look(&name)? else {
                continue;
            };
            if !found.is_file() || found.owner != trust::us() {
                continue;
            }
            // It may have gone meanwhile.
            let Ok(about) = self.0.open(&name).and_then(|open| open.metadata()) else {
                continue;
            };
            listed.push(Listed {
                name,
                modified: about.modified()?,
                length: about.len(),
            });
        }
        Ok(listed)
    }

    /// Removes a file of ours; one that is not there is no failure.
    pub fn remove(&self, name: &OsStr) -> Result<(), Error> {
        let place = self.place(name)?;
        match place.found {
            Some(found) if found.owner == trust::us() => {
                let removed = self.0.remove(name, &found);
                removed.map_err(Error::io("remove", &place.path()))
            }
            _ => Ok(()),
        }
    }

    /// Removes what killed runs left of files whose names are meant.
    pub fn sweep_drafts(&self, is_meant: impl Fn(&str) -> bool) {
        for name in self.0.names().unwrap_or_default() {
            if draft::target_of(&name.to_string_lossy()).is_some_and(&is_meant) {
                let _ = draft::remove_if_dead(&self.0, &name);
            }
        }
    }

    fn place(&self, name: &OsStr) -> Result<Place, Error> {
        Place::within(&self.0, name.to_owned())
    }
}

#[cfg(all(test, unix))]
mod tests;
