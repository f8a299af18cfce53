//! What lies at a name.

use std::fs::{File, Metadata};
use std::io;

/// What lies at a name, by its descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) kind: Kind,
    pub(super) owner: u32,
    pub(super) group: u32,
    pub(super) mode: u32,
    pub(super) device: u64,
    pub(super) inode: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    Link,
    Fifo,
    /// Devices, which only root can make, and sockets.
    Other,
}

impl Facts {
    pub(super) fn is_file(&self) -> bool {
        self.kind == Kind::File
    }

    /// Of a file that is open.
    #[cfg(unix)]
    pub(super) fn of(file: &File) -> io::Result<Self> {
        Ok(Self::from(&file.metadata()?))
    }

    #[cfg(not(unix))]
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let about = winapi_util::file::information(file)?;
        Ok(Self {
            device: about.volume_serial_number(),
            inode: about.file_index(),
            ..Self::from(&file.metadata()?)
        })
    }

    /// The same, with who else may do what to it.
    #[cfg(unix)]
    pub(super) fn with_access(file: &File) -> io::Result<Self> {
        Self::of(file)
    }

    #[cfg(not(unix))]
    pub(super) fn with_access(file: &File) -> io::Result<Self> {
        super::access::facts(file)
    }

    /// Whether both are the same file of the same owner. Inodes are used again.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        // On Windows, owners are asked for where a file is read, and nowhere else.
        let is_same_owner = cfg!(windows) || self.owner == other.owner;
        is_same_owner && (self.device, self.inode) == (other.device, other.inode)
    }
}

#[cfg(unix)]
impl From<&Metadata> for Facts {
    fn from(found: &Metadata) -> Self {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let kind = found.file_type();
        let kind = match () {
            () if kind.is_file() => Kind::File,
            () if kind.is_dir() => Kind::Directory,
            () if kind.is_symlink() => Kind::Link,
            () if kind.is_fifo() => Kind::Fifo,
            () => Kind::Other,
        };
        Self {
            kind,
            owner: found.uid(),
            group: found.gid(),
            mode: found.mode() & 0o7777,
            device: found.dev(),
            inode: found.ino(),
        }
    }
}

#[cfg(not(unix))]
impl Facts {
    /// A device, which tells nothing of itself.
    pub(super) fn device() -> Self {
        Self {
            kind: Kind::Other,
            owner: 0,
            group: 0,
            mode: 0o600,
            device: 0,
            inode: 0,
        }
    }
}

/// Files there have no owners by number, and access is by lists, which are another question to the system.
#[cfg(not(unix))]
impl From<&Metadata> for Facts {
    fn from(found: &Metadata) -> Self {
        let kind = match () {
            () if found.is_file() => Kind::File,
            () if found.is_dir() => Kind::Directory,
            () => Kind::Other,
        };
        Self {
            kind,
            owner: 0,
            group: 0,
            mode: 0o600,
            device: 0,
            inode: 0,
        }
    }
}
