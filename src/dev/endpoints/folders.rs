//! Writing folders (protocol 8.8).

use serde_json::json;

use super::{EndpointResult, bytes, cbc_json, new_uid};
use crate::crypto::aead::Key;
use crate::crypto::cbc;
use crate::dev::error_reply::{ErrorReply, Result};
use crate::dev::state::{State, StoredFolder};
use crate::vault::uid::FolderUid;
use crate::wire::payload::{CreateFolder, DeleteFolder, UpdateFolder};

pub(super) fn create(state: &mut State, ask: CreateFolder) -> EndpointResult {
    new_uid("folderUid", &ask.folder_uid)?;
    let uid = FolderUid::from(ask.folder_uid);
    if state.folder(&uid).is_ok() {
        return Err(ErrorReply::bad(format!("folder {uid} exists already")));
    }
    let (root, parent) = state.place(ask.shared_folder_uid, ask.parent_uid)?;
    let key = cbc::open_unauthenticated(
        &root.key,
        &bytes("sharedFolderKey", &ask.shared_folder_key)?,
    )
    .and_then(|key| Key::from_bytes(key.expose()))
    .map_err(|error| ErrorReply::member("sharedFolderKey", error))?;
    let data = cbc_json("data", &ask.data, &key)?;
    state.folders.push(StoredFolder {
        uid,
        parent: Some(parent),
        key,
        data,
        editable: true,
    });
    Ok(None)
}

pub(super) fn update(state: &mut State, ask: UpdateFolder) -> EndpointResult {
    let uid = FolderUid::from(ask.folder_uid);
    let data = cbc_json("data", &ask.data, &state.writable_folder(&uid)?.key)?;
    if let Some(folder) = state.folders.iter_mut().find(|folder| folder.uid == uid) {
        folder.data = data;
    }
    Ok(None)
}

pub(super) fn delete(state: &mut State, ask: DeleteFolder) -> EndpointResult {
    let mut outcomes = Vec::new();
    for uid in ask.folder_uids {
        let uid = FolderUid::from(uid);
        let Ok(folder) = state.folder(&uid) else {
            continue;
        };
        let (code, message) = if state.writable_folder(&uid).is_err() {
            ("access_denied", "the folder is read-only")
        } else if folder.parent.is_none() {
            ("access_denied", "a shared folder is deleted by its owner")
        } else if !ask.force_deletion && !state.is_empty(&uid) {
            ("not_empty", "the folder is not empty")
        } else {
            state.drop_folder(&uid);
            ("ok", "")
        };
        outcomes.push(
            json!({"folderUid": uid.as_str(), "responseCode": code, "errorMessage": message}),
        );
    }
    Ok(Some(json!({"folders": outcomes})))
}

impl State {
    /// The place of a new record or folder: the shared folder that it names, and the one in it, or the same.
    pub(super) fn place(
        &self,
        shared: String,
        inner: Option<String>,
    ) -> Result<(&StoredFolder, FolderUid)> {
        let uid = FolderUid::from(shared);
        let root = self.writable_folder(&uid)?;
        if root.parent.is_some() {
            return Err(ErrorReply::bad(format!(
                "folder {uid} is no shared folder but lies in one"
            )));
        }
        let inner = inner.filter(|inner| !inner.is_empty());
        let inner = inner.map_or_else(|| uid.clone(), FolderUid::from);
        self.writable_folder(&inner)?;
        match self.root(&inner)?.uid == uid {
            true => Ok((root, inner)),
            false => Err(ErrorReply::bad(format!(
                "folder {inner} does not lie in folder {uid}"
            ))),
        }
    }

    fn is_empty(&self, uid: &FolderUid) -> bool {
        let holds_record = self
            .records
            .iter()
            .any(|record| record.folder.as_ref() == Some(uid));
        let holds_folder = self
            .folders
            .iter()
            .any(|folder| folder.parent.as_ref() == Some(uid));
        !holds_record && !holds_folder
    }

    /// Removes the folder with all that lies in it.
    fn drop_folder(&mut self, uid: &FolderUid) {
        let within = |folder: &FolderUid| self.path(folder).any(|folder| folder.uid == *uid);
        let removed: Vec<FolderUid> = self
            .folders
            .iter()
            .map(|folder| folder.uid.clone())
            .filter(|folder| within(folder))
            .collect();
        self.records.retain(|record| {
            record
                .folder
                .as_ref()
                .is_none_or(|folder| !removed.contains(folder))
        });
        self.folders.retain(|folder| !removed.contains(&folder.uid));
    }
}
