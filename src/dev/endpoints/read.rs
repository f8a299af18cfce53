//! `get_secret` and `get_folders` (protocol 8.1, 8.2 and 9.1).

use serde_json::{Map, Value, json};

use super::{EndpointResult, given};
use crate::codec::{encode, encode_url};
use crate::crypto::aead::{self, Key};
use crate::crypto::{Error, cbc};
use crate::dev::error_reply::ErrorReply;
use crate::dev::request_auth::AuthenticatedRequest;
use crate::dev::state::{State, StoredFile, StoredFolder, StoredRecord};
use crate::wire::payload::GetSecret;

pub(super) fn get_secret(
    state: &mut State,
    request: &AuthenticatedRequest,
    ask: &GetSecret,
    origin: &str,
) -> EndpointResult {
    let mut reply = json!({
        "appData": encode_url(&state.application),
        "encryptedAppKey": null,
        "appOwnerPublicKey": null,
        "folders": [],
        "records": [],
        "expiresOn": state.expires_on,
        "warnings": state.warnings,
    });
    if let (Some(key), Value::Object(members)) = (request.new_key, &mut reply) {
        let client_key = state.devices.bind(&request.client_id, key)?;
        let app_key = aead::seal(client_key, state.app_key.expose())?;
        members.insert("encryptedAppKey".into(), encode(&app_key).into());
        members.insert(
            "appOwnerPublicKey".into(),
            encode(&state.owner.public_key().to_bytes()).into(),
        );
    }

    let records = given(ask.requested_records.as_ref());
    let folders = given(ask.requested_folders.as_ref());
    let wanted = |record: &&StoredRecord| {
        records.is_none_or(|uids| uids.iter().any(|uid| uid == record.uid.as_str()))
    };
    let writer = ReplyWriter {
        state,
        origin,
        links: ask.request_links == Some(true),
    };

    let mut shared_folders = Vec::new();
    let roots = state.folders.iter();
    for folder in roots.filter(|folder| folder.parent.is_none()) {
        let within = state.records.iter().filter(wanted);
        let within = within
            .filter(|record| state.lies_in(record, folder))
            .map(|record| writer.in_folder(record, folder))
            .collect::<Result<Vec<_>, _>>()?;
        let asked_for =
            folders.is_none_or(|uids| uids.iter().any(|uid| uid == folder.uid.as_str()));
        // The real server lists no folder that is empty here (protocol 8.1).
        if asked_for && !within.is_empty() {
            shared_folders.push(json!({
                "folderUid": folder.uid.as_str(),
                "folderKey": encode(&aead::seal(&state.app_key, folder.key.expose())?),
                "data": null,
                "parent": null,
                "isEditable": folder.editable,
                "records": within,
            }));
        }
    }
    let direct = state.records.iter().filter(wanted);
    let direct = direct
        .filter(|record| record.shared_directly && folders.is_none())
        .map(|record| writer.record(record, &state.app_key, None))
        .collect::<Result<Vec<_>, _>>()?;
    if let Value::Object(members) = &mut reply {
        members.insert("folders".into(), shared_folders.into());
        members.insert("records".into(), direct.into());
    }
    Ok(Some(reply))
}

pub(super) fn get_folders(state: &State) -> EndpointResult {
    let folders = state.folders.iter().map(|folder| {
        let key = match &folder.parent {
            None => aead::seal(&state.app_key, folder.key.expose())?,
            // The shared folder's key wraps it at any depth (protocol 9.3).
            Some(_) => {
                cbc::seal_unauthenticated(&state.root(&folder.uid)?.key, folder.key.expose())?
            }
        };
        Ok::<_, ErrorReply>(json!({
            "folderUid": folder.uid.as_str(),
            "folderKey": encode(&key),
            "parent": folder.parent.as_ref().map(|parent| parent.as_str()),
            "data": encode(&folder.data),
            "isEditable": folder.editable,
            "records": null,
        }))
    });
    Ok(Some(
        json!({"folders": folders.collect::<Result<Vec<_>, _>>()?}),
    ))
}

impl State {
    fn lies_in(&self, record: &StoredRecord, root: &StoredFolder) -> bool {
        let folder = record
            .folder
            .as_ref()
            .and_then(|folder| self.root(folder).ok());
        folder.is_some_and(|folder| folder.uid == root.uid)
    }
}

/// Writes the records of one answer.
struct ReplyWriter<'a> {
    state: &'a State,
    origin: &'a str,
    links: bool,
}

impl ReplyWriter<'_> {
    fn in_folder(&self, record: &StoredRecord, root: &StoredFolder) -> Result<Value, Error> {
        let inner = record.folder.as_ref().filter(|folder| **folder != root.uid);
        self.record(record, &root.key, inner.map(|folder| folder.as_str()))
    }

    fn record(
        &self,
        record: &StoredRecord,
        wrapping: &Key,
        inner_folder: Option<&str>,
    ) -> Result<Value, Error> {
        let files = record
            .files
            .iter()
            .map(|file| self.file(file, &record.key))
            .collect::<Result<Vec<_>, _>>()?;
        let mut reply = json!({
            "recordUid": record.uid.as_str(),
            "recordKey": encode(&aead::seal(wrapping, record.key.expose())?),
            "data": encode(&record.data),
            "revision": record.revision,
            "isEditable": self.state.may_write(record),
            "files": if files.is_empty() { Value::Null } else { files.into() },
            "folderUid": null,
            "innerFolderUid": inner_folder,
        });
        if let (true, Value::Object(members)) = (self.links, &mut reply) {
            let links = record.links.iter().map(
                |link| json!({"recordUid": link.record, "data": link.data, "path": link.path}),
            );
            members.insert("links".into(), links.collect());
        }
        Ok(reply)
    }

    fn file(&self, file: &StoredFile, record_key: &Key) -> Result<Value, Error> {
        let mut reply = Map::from_iter([
            ("fileUid".to_owned(), json!(file.uid.as_str())),
            (
                "fileKey".to_owned(),
                encode(&aead::seal(record_key, file.key.expose())?).into(),
            ),
            ("data".to_owned(), encode(&file.data).into()),
        ]);
        // A member for what is not there would be `null`, at which a client may look for content.
        for (member, kind, content) in [
            ("url", "files", &file.content),
            ("thumbnailUrl", "thumbnails", &file.thumbnail),
        ] {
            if content.is_some() {
                let address = format!("{}/{kind}/{}", self.origin, file.ticket);
                reply.insert(member.to_owned(), address.into());
            }
        }
        Ok(reply.into())
    }
}
