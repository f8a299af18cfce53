//! What a write was to do: the words that tell what became of it.

use std::fmt;

use super::uid::{FileUid, FolderUid, RecordUid};

/// A change of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteOperation {
    /// A new record.
    CreateRecord(RecordUid),
    /// New content of a record.
    UpdateRecord(RecordUid),
    /// An attachment of a record.
    AttachFile(FileUid, RecordUid),
    /// No more of some records.
    DeleteRecords(Vec<RecordUid>),
    /// A new folder.
    CreateFolder(FolderUid),
    /// Another name of a folder.
    RenameFolder(FolderUid),
    /// No more of some folders.
    DeleteFolders(Vec<FolderUid>),
}

/// Tells it as done: `record A was created`.
impl fmt::Display for WriteOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateRecord(uid) => write!(f, "record {uid} was created"),
            Self::UpdateRecord(uid) => write!(f, "record {uid} was changed"),
            Self::AttachFile(file, record) => {
                write!(f, "record {record} was made to name file {file}")
            }
            Self::DeleteRecords(uids) => deleted(f, "record", uids),
            Self::CreateFolder(uid) => write!(f, "folder {uid} was created"),
            Self::RenameFolder(uid) => write!(f, "folder {uid} was renamed"),
            Self::DeleteFolders(uids) => deleted(f, "folder", uids),
        }
    }
}

fn deleted(f: &mut fmt::Formatter<'_>, what: &str, uids: &[impl fmt::Display]) -> fmt::Result {
    let list: Vec<_> = uids.iter().map(ToString::to_string).collect();
    match list.as_slice() {
        [one] => write!(f, "{what} {one} was deleted"),
        several => write!(f, "{what}s {} were deleted", several.join(", ")),
    }
}
