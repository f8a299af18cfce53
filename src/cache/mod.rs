//! Answers of the vault, kept sealed for when its server is out of reach (K1 to K3, D39).
//!
//! This room knows bytes, a question, a device and a clock, and nothing of records. It keeps and recalls; whether an answer
//! may be used is for the asker to say (`vault::cached`).
//!
//! - `keys`: from the keys of a device to the names and keys of entries
//! - `entry`: the bytes of a file
//! - `place`: the directory

mod entry;
mod keys;
mod place;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

pub use place::directory;

use keys::DeviceKeys;

use crate::device::Device;
use crate::limits::{self, Limit};
use crate::private_file::{self, KeptFiles};
use crate::sensitive::Sensitive;
use crate::{clock, crypto};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the answer in {path} is damaged")]
    Damaged { path: PathBuf },
    /// The clock was set back since the answer was kept or used, so nobody knows how old it is.
    #[error("the answer in {path} is of a time that this machine's clock has yet to reach")]
    Future { path: PathBuf },
    #[error("more than {0}")]
    TooLarge(Limit),
    #[error(transparent)]
    File(#[from] private_file::Error),
    #[error("cannot list {path}")]
    List { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Clock(#[from] clock::Error),
}

/// What was asked, in bytes that are the same for the same question only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question(pub Vec<u8>);

/// The answers of one host to one device.
#[derive(Debug)]
pub struct Cache {
    directory: PathBuf,
    host: String,
    keys: DeviceKeys,
}

/// An answer as it was opened when it came.
#[derive(Debug)]
pub struct Entry {
    pub answer: Sensitive<Vec<u8>>,
    /// Since it was asked for.
    pub age: Duration,
}

impl Cache {
    /// Touches no file.
    pub fn new(directory: PathBuf, device: &Device, host: &str) -> Self {
        Self {
            directory,
            host: host.to_owned(),
            keys: DeviceKeys::new(device),
        }
    }

    /// Keeps an answer that was asked for at `asked`, in the place of an older one. Then makes room: what was not used for
    /// `lifetime` goes, and beyond the limits what was not used for longest.
    pub fn keep(
        &self,
        question: &Question,
        answer: &[u8],
        asked: SystemTime,
        lifetime: Duration,
    ) -> Result<(), Error> {
        if answer.len() as u64 > Limit::CACHED_ANSWER.bytes() {
            return Err(Error::TooLarge(Limit::CACHED_ANSWER));
        }
        let subject = self.subject(question);
        let sealed = entry::seal(&self.keys.entry_keys(&subject)?, &subject, asked, answer)?;
        let files = KeptFiles::made_at(&self.directory)?;
        let name = self.keys.name(&subject)?;
        files.write(&name, &sealed)?;
        // A server of files has a clock of its own. A run at the same time may have replaced or removed the file.
        let _ = files.mark(&name, clock::reading());
        make_room(&files, lifetime)
    }

    /// The questions whose answers are kept, the newest first. Fails for each label that does not open, once.
    pub fn questions(&self) -> Result<Vec<Result<Question, Error>>, Error> {
        let Some(files) = KeptFiles::at(&self.directory)? else {
            return Ok(Vec::new());
        };
        let key = self.keys.label_key()?;
        let own = self.keys.beginning_of_names()?;
        let mut questions = Vec::new();
        for name in files.names().map_err(cannot_list(&files))? {
            let text = name.to_string_lossy();
            if !keys::is_name(&text) || !text.starts_with(&own) {
                continue;
            }
            let label = match files.read_start(&name, entry::START) {
                // It went meanwhile.
                Ok(None) => continue,
                Ok(Some(start)) => entry::label(&key, start.expose()).map_err(|_| {
                    let _ = files.remove(&name);
                    let path = files.path().join(&name);
                    Error::Damaged { path }
                }),
                Err(error) => Err(error.into()),
            };
            match label {
                Ok(label) if label.host != self.host.as_bytes() => {}
                label => questions.push(label),
            }
        }
        questions.sort_by_key(|label| Reverse(label.as_ref().ok().map(|label| label.asked)));
        let questions = questions.into_iter();
        Ok(questions
            .map(|label| label.map(|label| label.question))
            .collect())
    }

    /// The kept answer to exactly this question, and marks it as used.
    pub fn recall(&self, question: &Question) -> Result<Option<Entry>, Error> {
        let Some(files) = KeptFiles::at(&self.directory)? else {
            return Ok(None);
        };
        let subject = self.subject(question);
        let name = self.keys.name(&subject)?;
        let Some(file) = files.read(&name, entry::LIMIT)? else {
            return Ok(None);
        };
        let path = || files.path().join(&name);
        let opened = entry::open(&self.keys.answer_key(&subject)?, &subject, &file.content);
        let Ok((asked, answer)) = opened else {
            // It is told of once.
            let _ = files.remove(&name);
            return Err(Error::Damaged { path: path() });
        };
        let now = clock::reading();
        // The last use is a mark that a clock leaves behind when it is set back.
        let age = now.duration_since(asked.max(file.modified));
        let age = age.and_then(|_| now.duration_since(asked));
        let age = age.map_err(|_| Error::Future { path: path() })?;
        // In a directory that cannot be written to, the time of asking has to do.
        let _ = files.mark(&name, now);
        Ok(Some(Entry { answer, age }))
    }

    /// Removes all answers to this device, those of other hosts included. Returns their number.
    pub fn forget(&self) -> Result<usize, Error> {
        let own = self.keys.beginning_of_names()?;
        remove(&self.directory, |name| name.starts_with(&own))
    }

    /// Whether there is an answer to this device, of whatever host.
    pub fn has_answers(&self) -> bool {
        let names = || {
            let own = self.keys.beginning_of_names().ok()?;
            let files = KeptFiles::at(&self.directory).ok()??;
            let mut names = listed(&files).ok()?.into_iter();
            let is_own = names.any(|(name, ..)| name.to_string_lossy().starts_with(&own));
            Some(is_own)
        };
        names().unwrap_or_default()
    }

    fn subject<'a>(&'a self, question: &'a Question) -> entry::Subject<'a> {
        entry::Subject {
            host: &self.host,
            question: &question.0,
        }
    }
}

/// The answers of all devices in a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stock {
    pub answers: usize,
    pub bytes: u64,
    /// Since an answer was kept or used; the longest time.
    pub oldest: Option<Duration>,
}

/// Opens no answer.
pub fn stock(directory: &Path) -> Result<Stock, Error> {
    let Some(files) = KeptFiles::at(directory)? else {
        return Ok(Stock::default());
    };
    let now = clock::reading();
    let entries = listed(&files)?;
    let ages = entries.iter().map(|(_, used, _)| now.duration_since(*used));
    Ok(Stock {
        answers: entries.len(),
        bytes: entries.iter().map(|(_, _, length)| length).sum(),
        oldest: ages.map(|age| age.unwrap_or_default()).max(),
    })
}

/// Removes every answer of every device. Other files stay. Returns the number of answers.
pub fn clear(directory: &Path) -> Result<usize, Error> {
    remove(directory, |_| true)
}

fn remove(directory: &Path, is_meant: impl Fn(&str) -> bool) -> Result<usize, Error> {
    let Some(files) = KeptFiles::at(directory)? else {
        return Ok(0);
    };
    let is_meant = |name: &str| keys::is_name(name) && is_meant(name);
    files.sweep_drafts(is_meant);
    let mut count = 0;
    for (name, _, _) in listed(&files)? {
        if is_meant(&name.to_string_lossy()) {
            files.remove(&name)?;
            count += 1;
        }
    }
    Ok(count)
}

fn make_room(files: &KeptFiles, lifetime: Duration) -> Result<(), Error> {
    files.sweep_drafts(keys::is_name);
    let mut entries = listed(files)?;
    entries.sort_by_key(|(_, used, _)| Reverse(*used));
    let now = clock::reading();
    let mut bytes = 0;
    for (index, (name, used, length)) in entries.iter().enumerate() {
        bytes += length;
        let is_over = index >= limits::CACHED_ANSWERS || bytes > Limit::CACHE.bytes();
        let age = now.duration_since(*used);
        let is_old = age.unwrap_or_else(|ahead| ahead.duration()) > lifetime;
        // The newest is the one that room is made for.
        if index > 0 && (is_over || is_old) {
            let _ = files.remove(name);
        }
    }
    Ok(())
}

fn cannot_list(files: &KeptFiles) -> impl Fn(io::Error) -> Error {
    |source| Error::List {
        path: files.path().to_owned(),
        source,
    }
}

/// The entries with the time of their last use and their length.
fn listed(files: &KeptFiles) -> Result<Vec<(OsString, SystemTime, u64)>, Error> {
    let listed = files.list().map_err(cannot_list(files))?;
    let entries = listed
        .into_iter()
        .filter(|file| keys::is_name(&file.name.to_string_lossy()));
    Ok(entries
        .map(|file| (file.name, file.modified, file.length))
        .collect())
}
