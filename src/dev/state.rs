//! The contents of the development vault, and the rules of access.
//!
//! The vault plays the server and the owner of the records at once, so it knows every key. Contents stay sealed all the
//! same, and go out byte for byte as they came.

use hyper::body::Bytes;

use super::devices::Devices;
use super::error_reply::{ErrorReply, Result};
use crate::crypto::aead::Key;
use crate::crypto::signing::SigningKey;
use crate::vault::uid::{FileUid, FolderUid, RecordUid};

pub(super) struct State {
    /// Wraps what is shared with the application.
    pub(super) app_key: Key,
    /// Clients seal the keys they make for the owner's key.
    pub(super) owner: SigningKey,
    /// Title and type of the application, sealed with `app_key`.
    pub(super) application: Vec<u8>,
    pub(super) warnings: Vec<String>,
    /// Milliseconds since 1970; 0: never.
    pub(super) expires_on: i64,
    pub(super) devices: Devices,
    pub(super) folders: Vec<StoredFolder>,
    pub(super) records: Vec<StoredRecord>,
    pub(super) uploads: Vec<Upload>,
}

pub(super) struct StoredFolder {
    pub(super) uid: FolderUid,
    /// `None`: a shared folder, the root of its tree.
    pub(super) parent: Option<FolderUid>,
    pub(super) key: Key,
    /// The name, AES-CBC under `key` (protocol 9.3).
    pub(super) data: Vec<u8>,
    pub(super) editable: bool,
}

pub(super) struct StoredRecord {
    pub(super) uid: RecordUid,
    pub(super) key: Key,
    /// The record's JSON under `key`.
    pub(super) data: Vec<u8>,
    /// Grows with every change.
    pub(super) revision: i64,
    pub(super) editable: bool,
    /// The innermost one.
    pub(super) folder: Option<FolderUid>,
    pub(super) shared_directly: bool,
    pub(super) files: Vec<StoredFile>,
    pub(super) links: Vec<StoredLink>,
    /// Waits to be finalized.
    pub(super) staged: Option<RecordChange>,
}

pub(super) struct RecordChange {
    pub(super) data: Vec<u8>,
    pub(super) remove: Vec<FileUid>,
}

pub(super) struct StoredFile {
    pub(super) uid: FileUid,
    pub(super) key: Key,
    /// The metadata under `key`.
    pub(super) data: Vec<u8>,
    /// The unguessable part of its download addresses.
    pub(super) ticket: String,
    /// Under `key`; `None` until the upload came. `Bytes`, since a large file goes out without a copy.
    pub(super) content: Option<Bytes>,
    pub(super) thumbnail: Option<Bytes>,
}

pub(super) struct StoredLink {
    pub(super) record: String,
    pub(super) path: Option<String>,
    /// B64, of JSON or of JSON under the owning record's key.
    pub(super) data: Option<String>,
}

/// An announced file whose content has not come yet.
pub(super) struct Upload {
    /// The unguessable part of its address.
    pub(super) ticket: String,
    pub(super) file: FileUid,
    /// Bytes of the sealed content.
    pub(super) size: u64,
}

impl State {
    pub(super) fn record(&self, uid: &RecordUid) -> Result<&StoredRecord> {
        let found = self.records.iter().find(|record| record.uid == *uid);
        found.ok_or_else(|| ErrorReply::not_found("record", uid))
    }

    pub(super) fn record_mut(&mut self, uid: &RecordUid) -> Result<&mut StoredRecord> {
        let found = self.records.iter_mut().find(|record| record.uid == *uid);
        found.ok_or_else(|| ErrorReply::not_found("record", uid))
    }

    pub(super) fn writable_record(&mut self, uid: &RecordUid) -> Result<&mut StoredRecord> {
        if !self.may_write(self.record(uid)?) {
            return Err(ErrorReply::denied(format!("record {uid} is read-only")));
        }
        self.record_mut(uid)
    }

    pub(super) fn may_write(&self, record: &StoredRecord) -> bool {
        let folder_allows = match &record.folder {
            Some(folder) => self.path(folder).all(|folder| folder.editable),
            None => true,
        };
        record.editable && folder_allows
    }

    pub(super) fn folder(&self, uid: &FolderUid) -> Result<&StoredFolder> {
        let found = self.folders.iter().find(|folder| folder.uid == *uid);
        found.ok_or_else(|| ErrorReply::not_found("folder", uid))
    }

    pub(super) fn writable_folder(&self, uid: &FolderUid) -> Result<&StoredFolder> {
        let folder = self.folder(uid)?;
        if !self.path(uid).all(|folder| folder.editable) {
            return Err(ErrorReply::denied(format!("folder {uid} is read-only")));
        }
        Ok(folder)
    }

    /// The shared folder at the top.
    pub(super) fn root(&self, uid: &FolderUid) -> Result<&StoredFolder> {
        self.path(uid)
            .last()
            .ok_or_else(|| ErrorReply::not_found("folder", uid))
    }

    /// The folder and its ancestors, up to the shared folder. Terminates, since parents exist before their children.
    pub(super) fn path(&self, uid: &FolderUid) -> impl Iterator<Item = &StoredFolder> {
        std::iter::successors(self.folder(uid).ok(), |folder| {
            self.folder(folder.parent.as_ref()?).ok()
        })
    }

    pub(super) fn file_mut(&mut self, uid: &FileUid) -> Option<&mut StoredFile> {
        let mut files = self.records.iter_mut().flat_map(|record| &mut record.files);
        files.find(|file| file.uid == *uid)
    }
}

impl StoredRecord {
    /// Refuses a change of any but the newest revision (protocol 8.4). Some clients send none.
    pub(super) fn expect_revision(&self, read: Option<i64>) -> Result<()> {
        match read {
            Some(read) if read != self.revision => Err(ErrorReply::bad(format!(
                "record {} is at revision {}; revision {read} is out of date",
                self.uid, self.revision
            ))),
            _ => Ok(()),
        }
    }

    pub(super) fn apply(&mut self, change: RecordChange) {
        self.data = change.data;
        self.revision += 1;
        self.files.retain(|file| !change.remove.contains(&file.uid));
    }
}
