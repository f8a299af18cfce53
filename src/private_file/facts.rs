//! What lies at a name.

use std::fs::Metadata;

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

    /// Whether both are the same file of the same owner. Inodes are used again.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.device, self.inode, self.owner) == (other.device, other.inode, other.owner)
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

/// Files there have no owners by number; access is by lists that they inherit from the user's own directory.
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
