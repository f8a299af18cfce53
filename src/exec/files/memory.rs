//! Files in memory: without a name, so there is nothing to remove, and gone with the last program that holds them.

use std::io;
use std::path::PathBuf;

#[cfg(target_os = "linux")]
pub(super) use linux::MemoryFile;

#[cfg(target_os = "linux")]
mod linux {
    use super::{PathBuf, io};

    use std::fs::{File, Permissions};
    use std::io::Write;
    use std::os::fd::{AsRawFd, OwnedFd};
    use std::os::unix::fs::PermissionsExt;

    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use rustix::io::Errno;

    /// Open in us and, since nothing closes it there, in the program.
    #[derive(Debug)]
    pub(crate) struct MemoryFile {
        // Keeps the descriptor open.
        _open: File,
        path: PathBuf,
    }

    impl MemoryFile {
        /// A file that nobody can change any more.
        pub(crate) fn holding(content: &[u8]) -> io::Result<Self> {
            let mut file = File::from(create()?);
            file.write_all(content)?;
            // Some programs refuse keys that others could read.
            file.set_permissions(Permissions::from_mode(0o600))?;
            let seals = SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL;
            fcntl_add_seals(&file, seals)?;
            // For those who read the descriptor and not the path.
            rustix::fs::seek(&file, rustix::fs::SeekFrom::Start(0))?;
            let path = path(&file)?;
            Ok(Self { _open: file, path })
        }

        /// How the program names it.
        pub(crate) fn path(&self) -> PathBuf {
            self.path.clone()
        }
    }

    /// The first place that has it: a small container may lack one of them.
    fn path(file: &File) -> io::Result<PathBuf> {
        let number = file.as_raw_fd();
        let mut places = ["/dev/fd", "/proc/self/fd"]
            .map(|place| PathBuf::from(format!("{place}/{number}")))
            .into_iter();
        let missing =
            || io::Error::other("neither /dev/fd nor /proc/self/fd is there to name it by");
        places.find(|path| path.exists()).ok_or_else(missing)
    }

    fn create() -> io::Result<OwnedFd> {
        let flags = MemfdFlags::ALLOW_SEALING;
        match memfd_create("ksm", flags | MemfdFlags::NOEXEC_SEAL) {
            // A kernel before 6.3.
            Err(Errno::INVAL) => Ok(memfd_create("ksm", flags)?),
            created => Ok(created?),
        }
    }
}

/// Refused when the command line is read; here nothing else has such files.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) struct MemoryFile;

#[cfg(not(target_os = "linux"))]
impl MemoryFile {
    pub(super) fn holding(_: &[u8]) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn path(&self) -> PathBuf {
        PathBuf::new()
    }
}
