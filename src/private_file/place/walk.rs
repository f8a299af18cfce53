//! The walk along a path: a component at a time, each opened once and judged by its descriptor.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
use rustix::io::Errno;

use super::{Directory, Missing, Place, Strangers};
use crate::private_file::Error;
use crate::private_file::facts::{Facts, Kind};
use crate::private_file::trust::{self, Concern};

/// As many as the kernel follows.
const LINKS: usize = 40;

struct Walk<'p> {
    path: &'p Path,
    strangers: Strangers,
    missing: Missing,
    directory: Directory,
    /// Backwards, and whether a link led there.
    rest: Vec<(OsString, bool)>,
    links: usize,
    concerns: Vec<Concern>,
}

enum Step {
    On,
    /// At this name there is no directory to enter: it is the last one.
    End(OsString, Option<Facts>, bool),
}

/// Walks to what `path` names, which need not be there. A path that names a directory leads nowhere.
pub(in crate::private_file) fn walk(
    path: &Path,
    strangers: Strangers,
    missing: Missing,
) -> Result<Place, Error> {
    let mut walk = Walk::new(path, strangers, missing)?;
    if let Some((name, found, is_open_already)) = walk.run()?
        && !path.as_os_str().as_bytes().ends_with(b"/")
    {
        return Ok(Place {
            directory: walk.directory,
            name,
            found,
            shown: path.to_owned(),
            is_open_already,
            concerns: walk.concerns,
        });
    }
    Err(walk.failed(io::ErrorKind::IsADirectory.into()))
}

/// Walks to a directory.
pub(in crate::private_file) fn directory(
    path: &Path,
    strangers: Strangers,
    missing: Missing,
) -> Result<Directory, Error> {
    let mut walk = Walk::new(path, strangers, missing)?;
    walk.rest.insert(0, (".".into(), false));
    match walk.run()? {
        None => Ok(walk.directory),
        Some(_) => Err(walk.failed(io::ErrorKind::NotADirectory.into())),
    }
}

impl<'p> Walk<'p> {
    fn new(path: &'p Path, strangers: Strangers, missing: Missing) -> Result<Self, Error> {
        let start = match path.is_absolute() {
            true => "/",
            false => ".",
        };
        if path.as_os_str().is_empty() {
            return Err(Error::io(strangers.action(), path)(Errno::NOENT.into()));
        }
        let open = enter(CWD, OsStr::new(start)).map_err(Error::io("open", Path::new(start)))?;
        let shown = path.is_absolute().then(|| PathBuf::from(start));
        let mut walk = Self {
            path,
            strangers,
            missing,
            directory: Directory::new(open, shown.unwrap_or_default()),
            rest: Vec::new(),
            links: 0,
            concerns: Vec::new(),
        };
        walk.take_up(path, false);
        Ok(walk)
    }

    fn failed(&self, reason: io::Error) -> Error {
        Error::io(self.strangers.action(), self.path)(reason)
    }

    fn take_up(&mut self, path: &Path, is_behind_link: bool) {
        let components = path.components().rev().filter_map(|at| match at {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        });
        self.rest
            .extend(components.map(|name| (name, is_behind_link)));
    }

    /// `None` where all of the path is directories.
    fn run(&mut self) -> Result<Option<(OsString, Option<Facts>, bool)>, Error> {
        while let Some((name, is_behind_link)) = self.rest.pop() {
            if let Step::End(name, found, is_open) = self.step(name, is_behind_link)? {
                return Ok(Some((name, found, is_open)));
            }
        }
        Ok(None)
    }

    fn step(&mut self, name: OsString, is_behind_link: bool) -> Result<Step, Error> {
        let is_last = self.rest.is_empty();
        let looked = look(&self.directory, &name);
        let Some((facts, node)) = looked.map_err(|reason| self.failed(reason))? else {
            return match (is_last, self.missing) {
                (true, _) => Ok(Step::End(name, None, false)),
                (false, Missing::Refused) => Err(self.failed(Errno::NOENT.into())),
                (false, Missing::Made) => self.make(name, is_behind_link),
            };
        };
        if facts.kind == Kind::Link {
            return self.follow(name, &facts, node.as_ref());
        }
        // The user named the link, and not what it was made to point to.
        if is_behind_link
            && self.strangers == Strangers::Refused
            && !trust::is_trusted_target(&facts)
        {
            return Err(Error::LinkTarget {
                path: self.directory.path().join(&name),
                owner: facts.owner,
            });
        }
        match facts.kind {
            Kind::Directory => self.enter(name, node).map(|()| Step::On),
            _ if is_last => Ok(Step::End(name, Some(facts), false)),
            _ => Err(self.failed(io::ErrorKind::NotADirectory.into())),
        }
    }

    /// Walks on into the new directory, or one that another process made meanwhile, as into any other.
    fn make(&mut self, name: OsString, is_behind_link: bool) -> Result<Step, Error> {
        match mkdirat(self.directory.descriptor(), &name, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(reason) => return Err(self.failed(reason.into())),
        }
        self.rest.push((name, is_behind_link));
        Ok(Step::On)
    }

    fn enter(&mut self, name: OsString, node: Option<File>) -> Result<(), Error> {
        let open = match node {
            Some(node) => Ok(node),
            None => enter(self.directory.descriptor(), &name),
        };
        let open = open.map_err(|reason| self.failed(reason))?;
        let path = match name == "." {
            true => self.directory.path().to_owned(),
            false => self.directory.path().join(name),
        };
        self.directory = Directory::new(open, path);
        Ok(())
    }

    fn follow(&mut self, name: OsString, link: &Facts, node: Option<&File>) -> Result<Step, Error> {
        let path = self.directory.path().join(&name);
        self.links += 1;
        if self.links > LINKS {
            return Err(Error::Circle {
                path: self.path.to_owned(),
            });
        }
        let holder = self
            .directory
            .facts()
            .map_err(|reason| self.failed(reason))?;
        if !trust::is_trusted_link(link, &holder) {
            let owner = link.owner;
            match self.strangers {
                Strangers::Refused => return Err(Error::Link { link: path, owner }),
                Strangers::Told => self.concerns.push(Concern::Stranger { path, owner }),
            }
        }
        if is_of_kernel(&self.directory) {
            return self.follow_kernel(name);
        }
        let target =
            read_link(&self.directory, &name, node).map_err(|reason| self.failed(reason))?;
        if target.is_absolute() {
            let root = enter(CWD, OsStr::new("/")).map_err(|reason| self.failed(reason))?;
            self.directory = Directory::new(root, PathBuf::from("/"));
        }
        self.take_up(&target, true);
        Ok(Step::On)
    }

    /// The text of a link in `/proc` is for eyes only: it leads to what a process has open.
    fn follow_kernel(&mut self, name: OsString) -> Result<Step, Error> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | path_only();
        let open = openat(self.directory.descriptor(), &name, flags, Mode::empty());
        let open = File::from(open.map_err(|reason| self.failed(reason.into()))?);
        let facts = open.metadata().map_err(|reason| self.failed(reason))?;
        let facts = Facts::from(&facts);
        match facts.kind {
            Kind::Directory => self.enter(name, Some(open)).map(|()| Step::On),
            _ if self.rest.is_empty() => Ok(Step::End(name, Some(facts), true)),
            _ => Err(self.failed(io::ErrorKind::NotADirectory.into())),
        }
    }
}

fn enter(from: impl std::os::fd::AsFd, name: &OsStr) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(from, name, flags | path_only(), Mode::empty())?.into())
}

#[cfg(target_os = "linux")]
fn path_only() -> OFlags {
    OFlags::PATH
}

#[cfg(target_os = "linux")]
fn look(directory: &Directory, name: &OsStr) -> io::Result<Option<(Facts, Option<File>)>> {
    let Some(node) = directory.node(name)? else {
        return Ok(None);
    };
    Ok(Some((Facts::from(&node.metadata()?), Some(node))))
}

#[cfg(target_os = "linux")]
fn read_link(_: &Directory, _: &OsStr, node: Option<&File>) -> io::Result<PathBuf> {
    let node = node.ok_or(io::ErrorKind::NotFound)?;
    let target = rustix::fs::readlinkat(node, "", Vec::new())?;
    Ok(PathBuf::from(OsStr::from_bytes(target.to_bytes())))
}

#[cfg(target_os = "linux")]
fn is_of_kernel(directory: &Directory) -> bool {
    let kind = rustix::fs::fstatfs(directory.descriptor()).map(|found| found.f_type);
    kind.is_ok_and(|kind| kind == rustix::fs::PROC_SUPER_MAGIC)
}

/// Where nothing can be opened without being read, a directory that is closed to reading cannot be walked.
#[cfg(not(target_os = "linux"))]
fn path_only() -> OFlags {
    OFlags::empty()
}

#[cfg(not(target_os = "linux"))]
fn look(directory: &Directory, name: &OsStr) -> io::Result<Option<(Facts, Option<File>)>> {
    Ok(directory.look(name)?.map(|facts| (facts, None)))
}

/// A link that is another one afterwards was not the one that was judged.
#[cfg(not(target_os = "linux"))]
fn read_link(directory: &Directory, name: &OsStr, _: Option<&File>) -> io::Result<PathBuf> {
    let before = directory.look(name)?;
    let target = rustix::fs::readlinkat(directory.descriptor(), name, Vec::new())?;
    match before == directory.look(name)? {
        true => Ok(PathBuf::from(OsStr::from_bytes(target.to_bytes()))),
        false => Err(io::ErrorKind::Interrupted.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn is_of_kernel(_: &Directory) -> bool {
    false
}
