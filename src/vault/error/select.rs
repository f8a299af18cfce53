//! Names that stand for no record, attachment or folder, or for several.

use super::Broken;
use crate::foreign::Text;
use crate::vault::uid::{self, FileUid, FolderUid, RecordUid};

/// Displays in the words of commands; [`notation::Error`](crate::vault::notation::Error) has its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// `unread` is a record that does not open, so that its title, which may be the one meant, is unknown.
    #[error("Cannot find a record {} {}.", named_by(.name), Text::from(.name))]
    NoRecord {
        name: String,
        unread: Option<Box<Broken>>,
    },
    /// Of several records asked for, none is there.
    #[error("Cannot find requested record(s).")]
    NoneOfRecords { unread: Option<Box<Broken>> },
    /// `title` is `None` where it was not the only thing asked for.
    #[error("{} records have {}", .uids.len(), in_words(.title.as_deref()))]
    SeveralRecords {
        title: Option<String>,
        uids: Vec<RecordUid>,
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
    #[error("Unable to find the shared folder for {0}")]
    NoFolder(FolderUid),
    #[error("the folder {0}")]
    DamagedFolder(Broken),
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
            | Self::NoFolder(_) => Kind::Missing,
            Self::SeveralRecords { .. } | Self::SeveralFiles { .. } => Kind::Ambiguous,
            Self::DamagedRecord(_) | Self::DamagedFile(_) | Self::DamagedFolder(_) => Kind::Damaged,
        }
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

fn in_words(title: Option<&str>) -> String {
    title.map_or("this title".to_owned(), |title| {
        format!("the title {}", Text::from(title))
    })
}
