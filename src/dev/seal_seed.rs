//! Makes a vault's state from the plain text of a seed: draws the keys and seals everything with them.

use serde_json::{Value, json};

use super::devices::Devices;
use super::seed::{AttachmentSeed, FolderSeed, LinkSeed, RecordSeed, Seed};
use super::state::{State, StoredFile, StoredFolder, StoredLink, StoredRecord};
use crate::codec;
use crate::crypto::aead::{self, Key};
use crate::crypto::signing::SigningKey;
use crate::crypto::{Error, cbc, random};
use crate::vault::edit;
use crate::vault::uid::{self, FolderUid};

impl State {
    pub(super) fn from_seed(seed: Seed) -> Result<Self, Error> {
        let app_key = Key::generate()?;
        let about = json!({"title": seed.application, "type": "app"});
        let mut state = Self {
            application: aead::seal(&app_key, &padded(about.to_string()))?,
            app_key,
            owner: SigningKey::generate()?,
            warnings: seed.warnings,
            expires_on: seed.expires_on.unwrap_or_default(),
            devices: Devices::default(),
            folders: Vec::new(),
            records: Vec::new(),
            uploads: Vec::new(),
        };
        for folder in seed.folders {
            state.seal_folder(folder, None)?;
        }
        for record in seed.records {
            state.records.push(record.seal(None)?);
        }
        Ok(state)
    }

    pub(super) fn seal_folder(
        &mut self,
        seed: FolderSeed,
        parent: Option<&FolderUid>,
    ) -> Result<(), Error> {
        let uid: FolderUid = seed.uid.map_or_else(uid::generate, Ok)?.into();
        let key = Key::generate()?;
        let name = json!({"name": seed.name}).to_string();
        self.folders.push(StoredFolder {
            uid: uid.clone(),
            parent: parent.cloned(),
            data: cbc::seal_unauthenticated(&key, name.as_bytes())?,
            key,
            editable: seed.editable,
        });
        for record in seed.records {
            self.records.push(record.seal(Some(&uid))?);
        }
        seed.folders
            .into_iter()
            .try_for_each(|folder| self.seal_folder(folder, Some(&uid)))
    }
}

impl RecordSeed {
    pub(super) fn seal(self, folder: Option<&FolderUid>) -> Result<StoredRecord, Error> {
        let key = Key::generate()?;
        let uid = self.uid.map_or_else(uid::generate, Ok)?.into();
        let files = self
            .attachments
            .into_iter()
            .map(AttachmentSeed::seal)
            .collect::<Result<Vec<_>, _>>()?;
        let mut document = Value::Object(self.document);
        refer_to(&mut document, &files);
        let links = self
            .links
            .into_iter()
            .map(|link| link.seal(&key))
            .collect::<Result<_, _>>()?;
        Ok(StoredRecord {
            uid,
            data: aead::seal(&key, &padded(document.to_string()))?,
            key,
            revision: 1,
            editable: self.editable,
            folder: folder.cloned(),
            shared_directly: self.shared_directly || folder.is_none(),
            files,
            links,
            staged: None,
        })
    }
}

impl AttachmentSeed {
    fn seal(self) -> Result<StoredFile, Error> {
        let key = Key::generate()?;
        Ok(StoredFile {
            uid: self.uid.map_or_else(uid::generate, Ok)?.into(),
            data: aead::seal(&key, self.metadata.to_string().as_bytes())?,
            ticket: ticket()?,
            content: Some(aead::seal(&key, &self.content)?.into()),
            thumbnail: self
                .thumbnail
                .map(|picture| aead::seal(&key, &picture).map(Into::into))
                .transpose()?,
            key,
        })
    }
}

impl LinkSeed {
    fn seal(self, key: &Key) -> Result<StoredLink, Error> {
        let data = match self.data.map(|data| data.to_string().into_bytes()) {
            Some(data) if self.encrypted => Some(aead::seal(key, &data)?),
            plain => plain,
        };
        Ok(StoredLink {
            record: self.record,
            path: self.path,
            data: data.map(|data| codec::encode(&data)),
        })
    }
}

/// The unguessable part of a file's address.
pub(super) fn ticket() -> Result<String, Error> {
    Ok(codec::encode_url(&random::bytes::<24>()?))
}

/// Names the files in the record's first `fileRef` field, or in a new one, as clients do (protocol 8.6).
fn refer_to(document: &mut Value, files: &[StoredFile]) {
    let Some(Value::Array(fields)) = document.get_mut("fields") else {
        return;
    };
    if files.is_empty() {
        return;
    }
    let uids = files.iter().map(|file| Value::from(file.uid.as_str()));
    let known = fields
        .iter_mut()
        .find(|field| field.get("type").is_some_and(|kind| kind == "fileRef"));
    match known.and_then(|field| field.get_mut("value")) {
        Some(Value::Array(value)) => value.extend(uids),
        _ => fields.push(json!({"type": "fileRef", "value": uids.collect::<Vec<_>>()})),
    }
}

/// Pads the JSON of a record as clients do.
pub(super) fn padded(json: String) -> Vec<u8> {
    let mut bytes = json.into_bytes();
    edit::pad(&mut bytes);
    bytes
}
