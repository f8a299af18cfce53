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
        let about = open.metadata().map_err(Error::io("read", &path))?;
        match Facts::from(&about).is_same(&found) {
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
        let directory = self.0.again();
        let directory = directory.map_err(Error::io("open", self.0.path()))?;
        let mut place = Place {
            shown: directory.path().join(name),
            directory,
            name: name.to_owned(),
            found: None,
            is_open_already: false,
            concerns: Vec::new(),
        };
        place.look_again()?;
        Ok(place)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::time::Duration;

    use super::*;

    const NAME: &str = "name";

    fn kept(home: &Path) -> KeptFiles {
        KeptFiles::made_at(&home.join("a/b")).unwrap()
    }

    fn content(files: &KeptFiles) -> Result<Option<Vec<u8>>, Error> {
        let read = files.read(OsStr::new(NAME), Limit::TYPED_LINE)?;
        Ok(read.map(|file| file.content.expose().clone()))
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn files_are_private_and_whole() {
        let home = tempfile::tempdir().unwrap();
        let name = OsStr::new(NAME);
        assert!(KeptFiles::at(&home.path().join("a/b")).unwrap().is_none());
        let files = kept(home.path());
        let path = files.path().join(NAME);
        assert_eq!(content(&files).unwrap(), None);
        files.write(name, b"one").unwrap();
        files.write(name, b"canary").unwrap();
        assert_eq!(content(&files).unwrap().unwrap(), b"canary");
        assert_eq!((mode(files.path()), mode(&path)), (0o700, 0o600));
        let [listed] = &files.list().unwrap()[..] else {
            panic!("one file is there");
        };
        assert_eq!((&*listed.name, listed.length), (name, 6));
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(7);
        files.mark(name, at).unwrap();
        let read = files.read(name, Limit::TYPED_LINE).unwrap().unwrap();
        assert_eq!(read.modified, at);
        files.remove(name).unwrap();
        files.remove(name).unwrap();
        assert!(files.list().unwrap().is_empty());
    }

    #[test]
    fn only_a_file_of_ours_is_read() {
        let home = tempfile::tempdir().unwrap();
        let files = kept(home.path());
        let path = files.path().join(NAME);
        let fifo = || {
            let made = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(made.unwrap().success());
        };
        let open = |mode: u32| {
            fs::write(&path, "canary").unwrap();
            fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        };
        type Make<'m> = &'m dyn Fn();
        let cases: [(Make<'_>, &str); 6] = [
            (
                &|| symlink("/etc/passwd", &path).unwrap(),
                "not a regular file",
            ),
            (&|| symlink("missing", &path).unwrap(), "not a regular file"),
            (&fifo, "not a regular file"),
            (&|| fs::create_dir(&path).unwrap(), "not a regular file"),
            (&|| open(0o602), "can be changed by others"),
            (
                &|| fs::write(&path, vec![b' '; (64 << 10) + 1]).unwrap(),
                "too much",
            ),
        ];
        for (make, expected) in cases {
            make();
            let error = crate::error_chain::joined(&content(&files).unwrap_err());
            assert!(error.contains(expected), "{error}");
            let gone = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
            gone.unwrap();
        }
    }

    #[test]
    fn a_directory_that_others_change_is_none() {
        let home = tempfile::tempdir().unwrap();
        let path = kept(home.path()).path().to_owned();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).unwrap();
        for opened in [
            KeptFiles::at(&path).map(|_| ()),
            KeptFiles::made_at(&path).map(|_| ()),
        ] {
            assert!(matches!(opened, Err(Error::Open { .. })), "{opened:?}");
        }
        fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        assert!(KeptFiles::at(&path).unwrap().is_some());
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(KeptFiles::made_at(&file).is_err());
    }

    #[test]
    fn the_leftovers_of_killed_runs_go() {
        let home = tempfile::tempdir().unwrap();
        let files = kept(home.path());
        let names = [".name.aB3dE6gH.new", ".other.aB3dE6gH.new", "name"];
        for name in names {
            fs::write(files.path().join(name), "").unwrap();
        }
        files.sweep_drafts(|name| name == NAME);
        let mut left: Vec<_> = files
            .list()
            .unwrap()
            .into_iter()
            .map(|file| file.name)
            .collect();
        left.sort();
        assert_eq!(left, [names[1], names[2]]);
    }
}
