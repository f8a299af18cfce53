//! What a list shows of a record.

use std::fmt;

use super::record::{Part, Record};
use super::uid::{FolderUid, RecordUid};

/// A record without its content. Prints as its UID and type.
#[derive(Clone)]
pub struct Heading {
    pub(super) uid: RecordUid,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) folder: Option<FolderUid>,
    pub(super) damaged: Vec<Part>,
}

impl Heading {
    pub fn uid(&self) -> &RecordUid {
        &self.uid
    }

    /// Empty if there is none.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The type, such as `login`; empty if there is none.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// None if the record was shared on its own.
    pub fn folder(&self) -> Option<&FolderUid> {
        self.folder.as_ref()
    }

    pub fn damaged(&self) -> &[Part] {
        &self.damaged
    }
}

impl AsRef<Self> for Heading {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl AsRef<Heading> for Record {
    fn as_ref(&self) -> &Heading {
        self.heading()
    }
}

impl From<Record> for Heading {
    fn from(record: Record) -> Self {
        record.into_heading()
    }
}

impl fmt::Debug for Heading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({}, {})", self.uid, self.kind)
    }
}
