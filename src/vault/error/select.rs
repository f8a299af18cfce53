//! Names that stand for no record, attachment or folder, or for several.

use std::fmt;

use super::Broken;
use crate::foreign::Text;
use crate::limits::OFFERED;
use crate::suggest;
use crate::vault::advice;
use crate::vault::record::Record;
use crate::vault::uid::{self, FileUid, FolderUid, RecordUid};

/// One of several things that a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub uid: String,
    /// Of a record.
    pub kind: Option<String>,
    /// The folder that a record lies in.
    pub folder: Option<FolderUid>,
    /// The path of that folder, or of a folder itself, once it is known.
    pub path: Option<String>,
}

impl From<&Record> for Candidate {
    fn from(record: &Record) -> Self {
        Self {
            uid: record.uid().as_str().to_owned(),
            kind: Some(record.kind().to_owned()),
            folder: record.folder().cloned(),
            path: None,
        }
    }
}

/// `UID (login in App/Prod)`
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Text::from(&self.uid).to_string())?;
        let path = self.path.as_deref().map(Text::from);
        match (&self.kind, path) {
            (None, None) => Ok(()),
            (None, Some(path)) => write!(f, " ({path})"),
            (Some(kind), Some(path)) => write!(f, " ({} in `{path}`)", Text::from(kind)),
            (Some(kind), None) => match &self.folder {
                Some(folder) => write!(f, " ({} in {folder})", Text::from(kind)),
                None => write!(f, " ({}, in no folder)", Text::from(kind)),
            },
        }
    }
}

/// The first of them, as one text.
pub(in crate::vault) fn candidates(found: &[Candidate]) -> String {
    let first: Vec<_> = found
        .iter()
        .take(OFFERED)
        .map(ToString::to_string)
        .collect();
    match found.len().saturating_sub(OFFERED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// Displays in the words of commands; [`notation::Error`](crate::vault::notation::Error) has its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// `unread` is a record that does not open, so that its title, which may be the one meant, is unknown.
    #[error("Cannot find a record {} {}.", named_by(.name), Text::from(.name))]
    NoRecord {
        name: String,
        unread: Option<Box<Broken>>,
        advice: String,
    },
    /// Of several records asked for, none is there.
    #[error("Cannot find requested record(s).{}", none_of(.names))]
    NoneOfRecords {
        names: Vec<String>,
        unread: Option<Box<Broken>>,
        advice: String,
    },
    /// `title` is `None` where it was not the only thing asked for.
    #[error("{} records have {}", .found.len(), in_words(.title.as_deref()))]
    SeveralRecords {
        title: Option<String>,
        found: Vec<Candidate>,
    },
    #[error("the record {0}")]
    DamagedRecord(Broken),
    /// `unread` is an attachment that does not open, and may be the one meant.
    #[error("Cannot find a file named {} for UID {record}.", Text::from(.name))]
    NoFile {
        record: RecordUid,
        name: String,
        has_others: bool,
        unread: Option<Box<Broken>>,
        advice: String,
    },
    #[error("{} files of record {record} are called {}", .uids.len(), Text::from(.name))]
    SeveralFiles {
        record: RecordUid,
        name: String,
        uids: Vec<FileUid>,
    },
    #[error("the attachment {0}")]
    DamagedFile(Broken),
    /// The folder is not there, or lies in no shared folder.
    #[error("Unable to find the shared folder for {}", Text::from(.name))]
    NoFolder { name: String, advice: String },
    #[error("{} folders are called {}", .found.len(), Text::from(.name))]
    SeveralFolders { name: String, found: Vec<Candidate> },
    #[error("the folder {0}")]
    DamagedFolder(Broken),
}

/// Of several records asked for, others are there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Cannot find all requested records.{}", none_of(.names))]
pub struct MissingRecords {
    pub names: Vec<String>,
    pub advice: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Missing,
    Ambiguous,
    Damaged,
}

impl SelectError {
    pub fn kind(&self) -> Kind {
        match self {
            Self::NoRecord { .. }
            | Self::NoneOfRecords { .. }
            | Self::NoFile { .. }
            | Self::NoFolder { .. } => Kind::Missing,
            Self::SeveralRecords { .. }
            | Self::SeveralFiles { .. }
            | Self::SeveralFolders { .. } => Kind::Ambiguous,
            Self::DamagedRecord(_) | Self::DamagedFile(_) | Self::DamagedFolder(_) => Kind::Damaged,
        }
    }

    /// What to write instead, and what there is.
    pub fn advice(&self) -> Option<String> {
        match self {
            Self::NoRecord {
                unread: Some(_), ..
            }
            | Self::NoneOfRecords {
                unread: Some(_), ..
            } => Some(
                "records that do not open were left out; theirs may be the title".to_owned(),
            ),
            Self::NoFile {
                unread: Some(_), ..
            } => Some(
                "the record names attachments that did not open or were not handed out; it may be one of them"
                    .to_owned(),
            ),
            Self::NoRecord { advice, .. }
            | Self::NoneOfRecords { advice, .. }
            | Self::NoFile { advice, .. }
            | Self::NoFolder { advice, .. } => Some(advice.clone()),
            Self::SeveralRecords { found, .. } | Self::SeveralFolders { found, .. } => {
                Some(format!("choose one by its UID: {}", candidates(found)))
            }
            Self::SeveralFiles { uids, .. } => {
                let uids: Vec<_> = uids.iter().map(FileUid::as_str).collect();
                let uids = suggest::listed(uids.into_iter());
                Some(format!("choose one by its UID: {uids}"))
            }
            Self::DamagedRecord(_) | Self::DamagedFile(_) | Self::DamagedFolder(_) => None,
        }
    }

    /// Of a name that may be that of a folder, too, with the advice on folders.
    pub fn or_folder(mut self, folder: String) -> Self {
        if let Self::NoRecord { advice, .. } = &mut self {
            *advice = advice::record_or_folder(std::mem::take(advice), folder);
        }
        self
    }

    /// Counts a thing as damaged instead of missing if it may be one that does not open (C5).
    pub fn doubting(self) -> Self {
        match self {
            Self::NoRecord {
                unread: Some(broken),
                ..
            } => Self::DamagedRecord(*broken),
            Self::NoFile {
                unread: Some(broken),
                ..
            } => Self::DamagedFile(*broken),
            other => other,
        }
    }
}

fn named_by(name: &str) -> &'static str {
    if uid::is_uid(name) {
        "for UID"
    } else {
        "with the title"
    }
}

/// A sentence of its own, behind the official one.
fn none_of(names: &[String]) -> String {
    let what = match names.iter().all(|name| uid::is_uid(name)) {
        true => "UID",
        false => "UID or title",
    };
    match names {
        [] => String::new(),
        names => {
            let names = suggest::quoted(names.iter().map(String::as_str));
            format!(" No record has the {what} {names}.")
        }
    }
}

fn in_words(title: Option<&str>) -> String {
    title.map_or("this title".to_owned(), |title| {
        format!("the title {}", Text::from(title))
    })
}
