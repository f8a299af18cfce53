//! The destinations of an answer.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use std::os::fd::AsFd;

#[cfg(unix)]
use rustix::fs::{Mode, OFlags, fcntl_getfl, fstat};

/// The value of `-o`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OutputTarget {
    Stdout,
    Stderr,
    /// Any word but `stdout`, `-` and `stderr`, and what the system calls these two.
    File(PathBuf),
}

impl TryFrom<OsString> for OutputTarget {
    type Error = &'static str;

    fn try_from(word: OsString) -> Result<Self, Self::Error> {
        match word.to_str() {
            Some("stdout" | "-") => Ok(Self::Stdout),
            Some("stderr") => Ok(Self::Stderr),
            // The open stream may be one that nobody may open again by its name.
            Some("/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1") if cfg!(unix) => Ok(Self::Stdout),
            Some("/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2") if cfg!(unix) => Ok(Self::Stderr),
            Some("") => Err("the name of the file is empty"),
            _ => Ok(Self::File(word.into())),
        }
    }
}

impl OutputTarget {
    pub(super) fn is_terminal(&self) -> bool {
        match self {
            Self::Stdout => io::stdout().is_terminal(),
            Self::Stderr => io::stderr().is_terminal(),
            Self::File(path) => is_terminal(path),
        }
    }

    /// Whether the answer goes to a stream that forgets it.
    pub(super) fn is_null(&self) -> bool {
        match self {
            Self::Stdout => is_null(io::stdout()),
            Self::Stderr => is_null(io::stderr()),
            Self::File(_) => false,
        }
    }

    /// The name of the stream, if the answer would go to one that was closed when the program started.
    pub(super) fn closed(&self) -> Option<&'static str> {
        match self {
            Self::Stdout => was_closed(io::stdout()).then_some("stdout"),
            Self::Stderr => was_closed(io::stderr()).then_some("stderr"),
            Self::File(_) => None,
        }
    }
}

// Only character devices such as `/dev/tty` are opened, since opening another kind of file may block or have effects.
#[cfg(unix)]
fn is_terminal(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    std::fs::metadata(path).is_ok_and(|found| found.file_type().is_char_device())
        && rustix::fs::open(path, flags, Mode::empty()).is_ok_and(|device| device.is_terminal())
}

#[cfg(not(unix))]
fn is_terminal(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn is_null(stream: impl AsFd) -> bool {
    match (rustix::fs::stat("/dev/null"), fstat(stream)) {
        (Ok(null), Ok(found)) => found.st_rdev == null.st_rdev,
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_null<S>(_: S) -> bool {
    false
}

/// Whether this stream was closed when the program started. Rust's runtime opens `/dev/null` in its place, to read and
/// write, which a shell's `>/dev/null` does not.
#[cfg(unix)]
fn was_closed(stream: impl AsFd) -> bool {
    is_null(&stream) && fcntl_getfl(&stream).is_ok_and(|flags| flags.contains(OFlags::RDWR))
}

#[cfg(not(unix))]
fn was_closed<S>(_: S) -> bool {
    false
}
