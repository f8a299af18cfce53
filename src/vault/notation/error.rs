//! Every way a well-formed notation finds no answer.

use std::borrow::Cow;

use crate::vault::record::Section;
use crate::vault::uid::{FileUid, RecordUid};

/// Why a notation has no answer. Names come from the notation or are UIDs; values are never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Error {
    /// `unreadable` may be what was meant: they are shared with us and cannot be decrypted, title included.
    #[error(
        "Notation error - no records match record UID/Title: '{}'{}", quoted(.record), unreadable_note(.unreadable)
    )]
    RecordNotFound {
        record: String,
        unreadable: Vec<RecordUid>,
    },
    #[error(
        "Notation error - multiple records match record UID/Title: '{}' ({})", quoted(.record), list(.uids)
    )]
    RecordAmbiguous {
        record: String,
        uids: Vec<RecordUid>,
    },
    /// The record is shared with us and cannot be opened, which is not the same as missing.
    #[error("record {uid} cannot be decrypted")]
    RecordBroken { uid: RecordUid },
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
    /// In strict mode only; elsewhere the first match wins.
    #[error("More than one {} field matches '{}'", section_name(*.section), quoted(.field))]
    FieldAmbiguous { section: Section, field: String },
    #[error("The value at index {index} does not exist for '{}'.", quoted(.field))]
    IndexOutOfRange { index: usize, field: String },
    #[error("Cannot find the dictionary key {} in the value", quoted(.property))]
    PropertyNotFound { property: String },
}

fn unreadable_note(uids: &[RecordUid]) -> String {
    match uids {
        [] => String::new(),
        uids => format!(" (these could not be decrypted: {})", list(uids)),
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
