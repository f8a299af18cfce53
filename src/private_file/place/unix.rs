//! A directory that is open, and what is done in it by name.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, Mode, OFlags, linkat, openat, renameat, unlinkat};
use rustix::io::Errno;

use crate::private_file::Error;
use crate::private_file::facts::Facts;

const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

#[derive(Debug)]
pub(in crate::private_file) struct Directory {
    open: File,
    path: PathBuf,
}

impl Directory {
    pub(super) fn new(open: File, path: PathBuf) -> Self {
        Self { open, path }
    }

    pub(super) fn descriptor(&self) -> &File {
        &self.open
    }

    /// As it was walked to, links resolved.
    pub(in crate::private_file) fn path(&self) -> &Path {
        &self.path
    }

    pub(in crate::private_file) fn again(&self) -> io::Result<Self> {
        Ok(Self::new(self.open.try_clone()?, self.path.clone()))
    }

    pub(in crate::private_file) fn facts(&self) -> io::Result<Facts> {
        Ok(Facts::from(&self.open.metadata()?))
    }

    fn at(&self, name: &OsStr, flags: OFlags, mode: Mode) -> io::Result<File> {
        Ok(openat(&self.open, name, flags | OFlags::CLOEXEC, mode)?.into())
    }

    /// To read; neither through a link nor waiting for the other end of a FIFO.
    pub(in crate::private_file) fn open(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        self.at(name, OFlags::RDONLY | flags, Mode::empty())
    }

    /// To read what a link of `/proc` stands for.
    pub(in crate::private_file) fn open_again(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        self.at(name, OFlags::RDONLY | flags, Mode::empty())
    }

    /// To lock, or to write to what is no regular file; what is open already is continued.
    pub(in crate::private_file) fn open_to_append(
        &self,
        name: &OsStr,
        is_open_already: bool,
    ) -> io::Result<File> {
        let links = match is_open_already {
            true => OFlags::empty(),
            false => OFlags::NOFOLLOW,
        };
        let flags = OFlags::APPEND | OFlags::NONBLOCK | OFlags::NOCTTY | links;
        self.at(name, OFlags::WRONLY | flags, Mode::empty())
    }

    /// Creates an empty file at 0600, whatever the umask takes away.
    pub(in crate::private_file) fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let file = self.at(name, flags, PRIVATE)?;
        // A file system without modes keeps its own, whatever is said.
        let _ = rustix::fs::fchmod(&file, PRIVATE);
        Ok(file)
    }

    /// Creates a file without a name, where that can be given one later.
    #[cfg(target_os = "linux")]
    pub(in crate::private_file) fn create_unnamed(&self) -> Option<File> {
        let flags = OFlags::RDWR | OFlags::TMPFILE;
        let file = self.at(OsStr::new("."), flags, PRIVATE).ok()?;
        let _ = rustix::fs::fchmod(&file, PRIVATE);
        let seen = rustix::fs::stat(own(&file)).ok()?;
        let facts = Facts::from(&file.metadata().ok()?);
        (seen.st_ino == facts.inode).then_some(file)
    }

    #[cfg(not(target_os = "linux"))]
    pub(in crate::private_file) fn create_unnamed(&self) -> Option<File> {
        None
    }

    /// Names a file that has no name; nothing may have the name yet.
    #[cfg(target_os = "linux")]
    pub(in crate::private_file) fn name_it(&self, file: &File, name: &OsStr) -> io::Result<()> {
        let link = rustix::fs::CWD;
        Ok(linkat(
            link,
            own(file),
            &self.open,
            name,
            AtFlags::SYMLINK_FOLLOW,
        )?)
    }

    #[cfg(not(target_os = "linux"))]
    pub(in crate::private_file) fn name_it(&self, _: &File, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(in crate::private_file) fn rename_over(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.open, from, &self.open, to)?)
    }

    /// Nothing may have the name yet.
    pub(in crate::private_file) fn rename_to_new(
        &self,
        from: &OsStr,
        to: &OsStr,
    ) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "macos"))]
        {
            use rustix::fs::{RenameFlags, renameat_with};
            let renamed = renameat_with(&self.open, from, &self.open, to, RenameFlags::NOREPLACE);
            // The others are file systems that do not know the flag.
            if matches!(renamed, Ok(()) | Err(Errno::EXIST)) {
                return Ok(renamed?);
            }
        }
        linkat(&self.open, from, &self.open, to, AtFlags::empty())?;
        Ok(unlinkat(&self.open, from, AtFlags::empty())?)
    }

    /// Removes the file of this name, if it is still the one meant.
    pub(in crate::private_file) fn remove(&self, name: &OsStr, meant: &Facts) -> io::Result<()> {
        match self.look(name)? {
            Some(found) if found.is_same(meant) => {
                Ok(unlinkat(&self.open, name, AtFlags::empty())?)
            }
            _ => Ok(()),
        }
    }

    /// All names but `.` and `..`.
    pub(in crate::private_file) fn names(&self) -> io::Result<Vec<OsString>> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        let open = self.at(OsStr::new("."), flags, Mode::empty())?;
        let entries = Dir::new(open)?.filter_map(Result::ok);
        let names = entries.map(|entry| OsStr::from_bytes(entry.file_name().to_bytes()).to_owned());
        Ok(names.filter(|name| name != "." && name != "..").collect())
    }

    /// Makes a rename survive a power cut.
    pub(in crate::private_file) fn sync(&self) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        let open = self.at(OsStr::new("."), flags, Mode::empty());
        match open.and_then(|open| open.sync_all()) {
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
            synced => synced,
        }
    }

    /// A file mounted by itself (as containers like to) refuses the rename, which would come to light too late.
    #[cfg(target_os = "linux")]
    pub(in crate::private_file) fn refuse_mount_point(&self, name: &OsStr) -> Result<(), Error> {
        use rustix::fs::{StatxAttributes, StatxFlags, statx};
        let flags = AtFlags::SYMLINK_NOFOLLOW;
        match statx(&self.open, name, flags, StatxFlags::TYPE) {
            Ok(facts) if facts.stx_attributes.contains(StatxAttributes::MOUNT_ROOT) => {
                Err(Error::MountPoint {
                    path: self.path.join(name),
                })
            }
            _ => Ok(()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(in crate::private_file) fn refuse_mount_point(&self, _: &OsStr) -> Result<(), Error> {
        Ok(())
    }

    /// Whether the effective user may write to the file of this name.
    pub(in crate::private_file) fn can_write(&self, name: &OsStr) -> bool {
        use rustix::fs::{Access, accessat};
        accessat(&self.open, name, Access::WRITE_OK, AtFlags::EACCESS).is_ok()
    }

    /// What lies at this name, a link as a link.
    #[cfg(target_os = "linux")]
    pub(in crate::private_file) fn look(&self, name: &OsStr) -> io::Result<Option<Facts>> {
        match self.node(name)? {
            Some(node) => Ok(Some(Facts::from(&node.metadata()?))),
            None => Ok(None),
        }
    }

    /// Opens what lies at this name, a link as a link, and no more than to look at it.
    #[cfg(target_os = "linux")]
    pub(super) fn node(&self, name: &OsStr) -> io::Result<Option<File>> {
        match self.at(name, OFlags::PATH | OFlags::NOFOLLOW, Mode::empty()) {
            Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => Ok(Some(opened?)),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(in crate::private_file) fn look(&self, name: &OsStr) -> io::Result<Option<Facts>> {
        use crate::private_file::facts::Kind;
        use rustix::fs::{FileType, statat};
        let found = match statat(&self.open, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => return Ok(None),
            found => found?,
        };
        let kind = match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Directory,
            FileType::Symlink => Kind::Link,
            FileType::Fifo => Kind::Fifo,
            _ => Kind::Other,
        };
        Ok(Some(Facts {
            kind,
            owner: found.st_uid,
            group: found.st_gid,
            mode: found.st_mode as u32 & 0o7777,
            device: found.st_dev as u64,
            inode: found.st_ino as u64,
        }))
    }
}

#[cfg(target_os = "linux")]
fn own(file: &File) -> String {
    use std::os::fd::AsRawFd;
    format!("/proc/self/fd/{}", file.as_raw_fd())
}
