//! Every way a well-formed notation finds no answer.

use std::borrow::Cow;

use crate::vault::record::Section;
use crate::vault::uid::{FileUid, RecordUid};

/// Why a notation has no answer. Names come from the notation or are UIDs; values are never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("Notation error - no records match record UID/Title: '{}'", quoted(.record))]
    RecordNotFound { record: String },
    #[error(
        "Notation error - multiple records match record UID/Title: '{}' ({})", quoted(.record), list(.uids)
    )]
    RecordAmbiguous {
        record: String,
        uids: Vec<RecordUid>,
    },
    /// The record is shared with us and cannot be opened, which is not the same as missing.
    #[error("record {uid} cannot be opened: {reason}")]
    RecordBroken { uid: RecordUid, reason: String },
    #[error("Notation error - Record {} has no file attachments.", quoted(.record))]
    NoFiles { record: String },
    #[error(
        "Notation error - Record {} has no files matching the search criteria '{}'", quoted(.record), quoted(.file)
    )]
    FileNotFound { record: String, file: String },
    #[error(
        "Notation error - Record {} has multiple files matching the search criteria '{}' ({})",
        quoted(.record), quoted(.file), list(.uids)
    )]
    FileAmbiguous {
        record: String,
        file: String,
        uids: Vec<FileUid>,
    },
    #[error("Cannot find {} field '{}'", section_name(*.section), quoted(.field))]
    FieldNotFound { section: Section, field: String },
    /// The attachment is there and cannot be opened.
    #[error("file {uid} cannot be opened: {reason}")]
    FileBroken { uid: FileUid, reason: String },
    #[error("The value at index {index} does not exist for '{}'.", quoted(.field))]
    IndexOutOfRange { index: usize, field: String },
    #[error("Cannot find the dictionary key {} in the value", quoted(.property))]
    PropertyNotFound { property: String },
}

/// The ways in which there can be no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is nothing.
    Missing,
    /// There is more than one thing.
    Ambiguous,
    /// There is something that does not open.
    Damaged,
}

impl Error {
    /// Which of them this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::RecordNotFound { .. }
            | Self::NoFiles { .. }
            | Self::FileNotFound { .. }
            | Self::FieldNotFound { .. }
            | Self::IndexOutOfRange { .. }
            | Self::PropertyNotFound { .. } => Kind::Missing,
            Self::RecordAmbiguous { .. } | Self::FileAmbiguous { .. } => Kind::Ambiguous,
            Self::RecordBroken { .. } | Self::FileBroken { .. } => Kind::Damaged,
        }
    }
}

fn section_name(section: Section) -> &'static str {
    match section {
        Section::Standard => "standard",
        Section::Custom => "custom",
    }
}

fn list(uids: &[impl ToString]) -> String {
    let uids: Vec<_> = uids.iter().map(ToString::to_string).collect();
    uids.join(", ")
}

/// A name from a notation: at most 60 characters of it.
fn quoted(name: &str) -> Cow<'_, str> {
    const SHOWN: usize = 60;
    match name.char_indices().nth(SHOWN) {
        None => Cow::Borrowed(name),
        Some(_) => Cow::Owned(name.chars().take(SHOWN).chain(['…']).collect()),
    }
}
