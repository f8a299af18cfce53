//! A file the user names for our output (D4): overwritten as asked, and never half.

mod stream;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::draft::{self, Shape};
use super::facts::{Facts, Kind};
use super::place::{self, Missing, Owner, Place, Strangers};
use super::{Error, trust};
use crate::foreign;

/// Bytes of a trial: more than any configuration.
const TRIAL_SIZE: usize = 8192;

/// What a terminal gets of some contents.
type Shown = fn(&[u8]) -> Cow<'_, [u8]>;

/// The rights of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// A new file is 0600, an old one keeps owner, group and mode, less what others could do.
    Kept,
    /// 0600, whatever the old file was.
    Private,
}

/// A place for output, which was judged and is kept open: what the path leads to later makes no difference. A regular
/// file is replaced; a device, a FIFO or what is open already is written to.
#[derive(Debug)]
pub struct Output {
    place: Place,
    rights: Rights,
    path: PathBuf,
    /// The file whose rights are taken over, where it is another.
    model: Option<Facts>,
}

impl Output {
    pub fn at(path: &Path, rights: Rights) -> Result<Self, Error> {
        Self::walked(path, rights, Missing::Refused)
    }

    /// The same, making the directories that are not there.
    pub fn with_directories(path: &Path, rights: Rights) -> Result<Self, Error> {
        Self::walked(path, rights, Missing::Made)
    }

    /// A file with the group and mode of `model`, less what others could do; one at 0600, where `model` is somebody
    /// else's.
    pub fn like(path: &Path, model: &Path) -> Result<Self, Error> {
        let mut output = Self::at(path, Rights::Private)?;
        let model = place::walk(model, Strangers::Refused, Missing::Refused)?;
        output.model = model.found.filter(|model| model.owner == trust::us());
        Ok(output)
    }

    /// The same as [`Self::at`], where [`Self::check`] finds nothing.
    pub fn tried(path: &Path, rights: Rights) -> Result<Self, Error> {
        let output = Self::at(path, rights)?;
        output.check()?;
        Ok(output)
    }

    fn walked(path: &Path, rights: Rights, missing: Missing) -> Result<Self, Error> {
        let output = Self {
            place: place::to_write(path, missing)?,
            rights,
            path: path.to_owned(),
            model: None,
        };
        output.judge()?;
        Ok(output)
    }

    /// Whether what is written goes through, and no file of that name holds it afterwards.
    pub fn is_stream(&self) -> bool {
        let is_file = |found: Facts| found.is_file() && !self.place.is_open_already;
        !self.place.found.is_none_or(is_file)
    }

    /// Refuses what belongs to strangers, and files that would not stay their owner's.
    fn judge(&self) -> Result<Owner, Error> {
        let Some(found) = self.place.found.filter(|_| !self.place.is_open_already) else {
            return Ok(Owner::Ours);
        };
        match found.kind {
            // No stranger makes devices, and terminals belong to whoever uses them.
            Kind::Other => Ok(Owner::Ours),
            // Whoever made a FIFO may read it.
            Kind::Fifo if trust::is_trusted(found.owner) => Ok(Owner::Ours),
            Kind::File if self.rights == Rights::Kept && found.owner == 0 && trust::us() != 0 => {
                Err(self.owned_by(&found))
            }
            Kind::File => self.place.owner(true),
            Kind::Fifo | Kind::Directory | Kind::Link => Err(self.owned_by(&found)),
        }
    }

    fn owned_by(&self, found: &Facts) -> Error {
        Error::Owner {
            path: self.path.clone(),
            owner: found.owner,
        }
    }

    fn shape(&self) -> Result<Shape, Error> {
        let private = Shape::private(&self.place, self.judge()?);
        let old = self.place.found.filter(|_| self.rights == Rights::Kept);
        Ok(private.like(old.or(self.model), 0o770))
    }

    /// Finds out whether [`Self::write`] would succeed, and leaves nothing behind. What cannot be tried without an
    /// effect is taken for granted.
    pub fn check(&self) -> Result<(), Error> {
        match self.is_stream() {
            true => Ok(()),
            false => draft::try_put(&self.place, TRIAL_SIZE, self.shape()?),
        }
    }

    /// Writes all of `contents`; a terminal gets them escaped. A file that came or went since the place was judged is
    /// judged as if it had been there.
    pub fn write(&mut self, contents: &[u8]) -> Result<(), Error> {
        self.write_for(contents, foreign::bytes)
    }

    /// Writes like [`Self::write`] what is escaped already, with colors of ours.
    pub fn write_escaped(&mut self, contents: &[u8]) -> Result<(), Error> {
        self.write_for(contents, |contents| contents.into())
    }

    fn write_for(&mut self, contents: &[u8], shown: Shown) -> Result<(), Error> {
        if self.is_stream() {
            return self.write_through(contents, shown);
        }
        let judged = self.judge()?;
        let before = self.place.found;
        self.place.look_again()?;
        let is_same = match (&before, &self.place.found) {
            (Some(before), Some(now)) => before.is_same(now),
            (before, now) => before.is_none() && now.is_none(),
        };
        if self.is_stream() || !is_same && (judged, self.judge()?) != (Owner::Ours, Owner::Ours) {
            return Err(Error::Changed {
                path: self.path.clone(),
            });
        }
        draft::put(&self.place, contents, self.shape()?)
    }

    /// Writes a file that must not be there yet.
    pub fn write_new(&self, contents: &[u8]) -> Result<(), Error> {
        match self.place.found {
            None => draft::put(&self.place, contents, self.shape()?),
            Some(_) => Err(Error::Exists {
                path: self.path.clone(),
            }),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn write_output(path: &Path, contents: &[u8]) -> Result<(), Error> {
        Output::at(path, Rights::Kept)?.write(contents)
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
        assert!(write_output(&home.path().join("new/"), b"new").is_err());
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
