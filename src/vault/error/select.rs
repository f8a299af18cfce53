//! Names that stand for no record, attachment or folder, or for several.

use super::Broken;
use crate::vault::uid::{self, FileUid, FolderUid, RecordUid};

/// Displays in the words of commands; [`notation::Error`](crate::vault::notation::Error) has its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// `unread` is a record that does not open, so that its title, which may be the one meant, is unknown.
    #[error("Cannot find a record {} {name}.", named_by(.name))]
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
    #[error("the record `{}` does not open: {}", .0.uid, .0.reason)]
    DamagedRecord(Broken),
    /// `unread` is an attachment that does not open, and may be the one meant.
    #[error("Cannot find a file named {name} for UID {record}.")]
    NoFile {
        record: RecordUid,
        name: String,
        has_others: bool,
        unread: Option<Box<Broken>>,
    },
    #[error("{} files of record {record} are called {name}", .uids.len())]
    SeveralFiles {
        record: RecordUid,
        name: String,
        uids: Vec<FileUid>,
    },
    #[error("the attachment `{}` does not open: {}", .0.uid, .0.reason)]
    DamagedFile(Broken),
    /// The folder is not there, or lies in no shared folder.
    #[error("Unable to find the shared folder for {0}")]
    NoFolder(FolderUid),
    #[error("the folder `{}` does not open: {}", .0.uid, .0.reason)]
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
        format!("the title {title}")
    })
}
