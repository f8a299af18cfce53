//! Changes of the vault, told as done: `record A was created`.

use std::fmt;

use crate::vault::uid::{FileUid, FolderUid, RecordUid};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteOperation {
    CreateRecord(RecordUid),
    UpdateRecord(RecordUid),
    AttachFile(FileUid, RecordUid),
    DeleteRecords(Vec<RecordUid>),
    CreateFolder(FolderUid),
    RenameFolder(FolderUid),
    DeleteFolders(Vec<FolderUid>),
}

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
