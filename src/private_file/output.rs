//! A file the user names for our output (D4): overwritten as asked, and never half.

use std::fs::{Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::draft::{Draft, Mode};
use super::{Error, directory_of, link};

/// Bytes of a trial: more than any configuration.
const TRIAL_SIZE: usize = 8192;

/// Writes all of `contents` to `path`. A regular file is replaced by a draft beside it: a new one is 0600, an old one
/// keeps owner, group and mode, less what others could do. A device, FIFO or open descriptor is written to.
pub fn write_output(path: &Path, contents: &[u8]) -> Result<(), Error> {
    write(path, contents, |old| old.map_or(Mode::Private, Mode::Like))
}

/// The same, but a regular file is 0600 afterwards, whatever it was.
pub fn write_private(path: &Path, contents: &[u8]) -> Result<(), Error> {
    write(path, contents, |_| Mode::Private)
}

/// Replaces `path` by a regular file with the owner and mode of `model`, less what others could do; by one of ours at
/// 0600, where we cannot give a file to that owner.
pub fn write_like(path: &Path, model: &Path, contents: &[u8]) -> Result<(), Error> {
    let model = std::fs::metadata(model).map_err(Error::io("read", model))?;
    match replace(path, Mode::Like(&model), contents) {
        Err(Error::Owner { .. }) => write_private(path, contents),
        result => result,
    }
}

/// Whether what is written to `path` goes through it, and no file of that name holds it afterwards.
pub fn is_stream(path: &Path) -> Result<bool, Error> {
    Ok(matches!(found(path)?, Found::Stream))
}

/// Finds out whether [`write_output`] would succeed, and leaves nothing behind. What cannot be tried without an effect
/// is taken for granted.
pub fn check_output_writable(path: &Path) -> Result<(), Error> {
    check_writable(path, |old| old.map_or(Mode::Private, Mode::Like))
}

/// The same for [`write_private`].
pub fn check_private_writable(path: &Path) -> Result<(), Error> {
    check_writable(path, |_| Mode::Private)
}

fn check_writable(
    path: &Path,
    mode: impl for<'m> FnOnce(Option<&'m Metadata>) -> Mode<'m>,
) -> Result<(), Error> {
    let mut draft = match found(path)? {
        Found::Nothing => draft(path, mode(None))?,
        Found::File(old) => draft(path, mode(Some(&old)))?,
        Found::Stream => return Ok(()),
    };
    draft.write_synced(&[0; TRIAL_SIZE])
}

fn write(
    path: &Path,
    contents: &[u8],
    mode: impl for<'m> FnOnce(Option<&'m Metadata>) -> Mode<'m>,
) -> Result<(), Error> {
    match found(path)? {
        Found::Nothing => replace(path, mode(None), contents),
        Found::File(old) => replace(path, mode(Some(&old)), contents),
        Found::Stream => write_through(path, contents),
    }
}

enum Found {
    Nothing,
    File(Metadata),
    /// A device, a FIFO, something open already: written to, not replaced.
    Stream,
}

fn found(path: &Path) -> Result<Found, Error> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(Error::Io {
            action: "write",
            path: path.to_owned(),
            source: io::ErrorKind::IsADirectory.into(),
        }),
        Ok(found) if !found.is_file() || is_open_descriptor(path) => Ok(Found::Stream),
        Ok(found) => Ok(Found::File(found)),
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(reason) => Err(Error::io("write", path)(reason)),
    }
}

fn draft(path: &Path, mode: Mode<'_>) -> Result<Draft, Error> {
    Draft::beside(&link::resolve(path)?, mode)
}

fn replace(path: &Path, mode: Mode<'_>, contents: &[u8]) -> Result<(), Error> {
    let mut draft = draft(path, mode)?;
    draft.write_synced(contents)?;
    draft.rename_over()
}

/// Appending, so that `-o /dev/fd/3 3>>log` keeps the log; on what is no regular file it makes no difference.
fn write_through(path: &Path, contents: &[u8]) -> Result<(), Error> {
    OpenOptions::new()
        .append(true)
        .open(path)
        .and_then(|mut open| open.write_all(contents))
        .map_err(Error::io("write", path))
}

/// `/dev/fd/N`, `/dev/stdout` and the like: names of something already open, regular file or not.
fn is_open_descriptor(path: &Path) -> bool {
    let mut at = path.to_owned();
    for _ in 0..8 {
        let directory = std::fs::canonicalize(directory_of(&at)).unwrap_or_default();
        if directory.starts_with("/dev/fd")
            || (directory.starts_with("/proc") && directory.ends_with("fd"))
        {
            return true;
        }
        match std::fs::read_link(&at) {
            Ok(next) => at = directory.join(next),
            Err(_) => return false,
        }
    }
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn a_new_file_is_private_and_others_lose_rights() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("out");
        write_output(&path, b"one").unwrap();
        assert_eq!(mode(&path), 0o600);
        for (before, after) in [(0o644, 0o640), (0o666, 0o660), (0o755, 0o750)] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(before)).unwrap();
            write_output(&path, b"two").unwrap();
            assert_eq!(mode(&path), after, "{before:o}");
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
    }

    #[test]
    fn a_link_of_ours_is_followed_and_stays() {
        let home = tempfile::tempdir().unwrap();
        let (link, target) = (home.path().join("link"), home.path().join("target"));
        std::fs::write(&target, "old").unwrap();
        symlink("target", &link).unwrap();
        write_output(&link, b"new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
    }

    #[test]
    fn a_circle_of_links_and_a_directory_are_refused() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("link");
        symlink("link", &link).unwrap();
        assert!(write_output(&link, b"new").is_err());
        assert!(write_output(home.path(), b"new").is_err());
    }

    #[test]
    fn devices_and_descriptors_are_written_to() {
        write_output(Path::new("/dev/null"), b"gone").unwrap();
        let home = tempfile::tempdir().unwrap();
        let mut open = std::fs::File::create(home.path().join("log")).unwrap();
        open.write_all(b"first ").unwrap();
        let fd = std::os::fd::AsRawFd::as_raw_fd(&open);
        write_output(Path::new(&format!("/dev/fd/{fd}")), b"second").unwrap();
        assert_eq!(
            std::fs::read(home.path().join("log")).unwrap(),
            b"first second"
        );
    }
}
