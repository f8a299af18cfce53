//! Writing records (protocol 8.3 to 8.5).

use serde_json::json;

use super::{EndpointResult, given, new_uid, owners_copy, same_key, sealed_json};
use crate::dev::error_reply::ErrorReply;
use crate::dev::state::{RecordChange, State, StoredRecord};
use crate::vault::uid::{FileUid, RecordUid};
use crate::wire::payload::{
    CreateSecret, DeleteSecret, FinalizeSecretUpdate, RollbackSecretUpdate, UpdateSecret,
};

pub(super) fn create(state: &mut State, ask: CreateSecret) -> EndpointResult {
    new_uid("recordUid", &ask.record_uid)?;
    let uid = RecordUid::from(ask.record_uid);
    if state.record(&uid).is_ok() {
        return Err(ErrorReply::bad(format!("record {uid} exists already")));
    }
    let (root, folder) = state.place(ask.folder_uid, ask.sub_folder_uid)?;
    let key = owners_copy(state, "recordKey", &ask.record_key)?;
    same_key("folderKey", &ask.folder_key, &root.key, &key)?;
    let data = sealed_json("data", &ask.data, &key)?;
    state.records.push(StoredRecord {
        uid,
        key,
        data,
        revision: 1,
        editable: true,
        folder: Some(folder),
        shared_directly: false,
        files: Vec::new(),
        links: Vec::new(),
        staged: None,
    });
    Ok(None)
}

pub(super) fn update(state: &mut State, ask: UpdateSecret) -> EndpointResult {
    let record = state.writable_record(&ask.record_uid.into())?;
    // Revisions start at 1, so 0 is a client that sent none.
    record.expect_revision(Some(ask.revision).filter(|revision| *revision != 0))?;
    let mut change = RecordChange {
        data: sealed_json("data", &ask.data, &record.key)?,
        remove: given(ask.links_to_remove.as_ref())
            .into_iter()
            .flatten()
            .cloned()
            .map(FileUid::from)
            .collect(),
    };
    match ask.transaction_type.as_deref() {
        None | Some("") => record.apply(change),
        Some(kind @ ("general" | "rotation")) => {
            if kind == "general" {
                // The real server ignores them here (protocol 8.4).
                change.remove.clear();
            }
            record.staged = Some(change);
        }
        Some(_) => {
            return Err(ErrorReply::member(
                "transactionType",
                "it is neither `general` nor `rotation`",
            ));
        }
    }
    Ok(None)
}

pub(super) fn finalize(state: &mut State, ask: FinalizeSecretUpdate) -> EndpointResult {
    let record = state.writable_record(&ask.record_uid.into())?;
    let change = record.staged.take().ok_or_else(nothing_staged)?;
    record.apply(change);
    Ok(None)
}

pub(super) fn roll_back(state: &mut State, ask: RollbackSecretUpdate) -> EndpointResult {
    let record = state.writable_record(&ask.record_uid.into())?;
    record.staged.take().ok_or_else(nothing_staged)?;
    Ok(None)
}

fn nothing_staged() -> ErrorReply {
    ErrorReply::bad("no update of this record waits to be finalized")
}

pub(super) fn delete(state: &mut State, ask: DeleteSecret) -> EndpointResult {
    let mut outcomes = Vec::new();
    for uid in ask.record_uids {
        let uid = RecordUid::from(uid);
        // The real server does not mention records it does not know (protocol 8.5).
        let Ok(record) = state.record(&uid) else {
            continue;
        };
        let (code, message) = if state.may_write(record) {
            state.records.retain(|record| record.uid != uid);
            ("ok", "")
        } else {
            ("access_denied", "the record is read-only")
        };
        outcomes.push(
            json!({"recordUid": uid.as_str(), "responseCode": code, "errorMessage": message}),
        );
    }
    Ok(Some(json!({"records": outcomes})))
}
