//! Attachments: announcing one, receiving its content, handing content out (protocol 8.6 and 8.7).

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{EndpointResult, new_uid, owners_copy, same_key, sealed_json};
use crate::dev::error_reply::{ErrorReply, Result};
use crate::dev::seal_seed::ticket;
use crate::dev::state::{RecordChange, State, StoredFile, Upload};
use crate::dev::upload_form::{LARGEST_FILE, Parameters};
use crate::vault::uid::FileUid;
use crate::wire::payload::AddFile;

/// As the storage behind the real server answers a successful upload.
const STORED: u16 = 204;

pub(super) fn add(state: &mut State, ask: AddFile, origin: &str) -> EndpointResult {
    new_uid("fileRecordUid", &ask.file_record_uid)?;
    if ask.file_size > LARGEST_FILE {
        return Err(ErrorReply::too_large());
    }
    let uid = FileUid::from(ask.file_record_uid);
    if state.file_mut(&uid).is_some() {
        return Err(ErrorReply::bad(format!("file {uid} exists already")));
    }
    let key = owners_copy(state, "fileRecordKey", &ask.file_record_key)?;
    let record = state.writable_record(&ask.owner_record_uid.into())?;
    record.expect_revision(ask.owner_record_revision)?;
    same_key("linkKey", &ask.link_key, &record.key, &key)?;
    let file = StoredFile {
        uid: uid.clone(),
        data: sealed_json("fileRecordData", &ask.file_record_data, &key)?,
        key,
        ticket: ticket()?,
        content: None,
        thumbnail: None,
    };
    let upload = Upload {
        ticket: ticket()?,
        file: uid,
        size: ask.file_size,
    };
    let data = sealed_json("ownerRecordData", &ask.owner_record_data, &record.key)?;
    record.apply(RecordChange {
        data,
        remove: Vec::new(),
    });
    record.files.push(file);
    let reply = json!({
        "url": format!("{origin}/uploads/{}", upload.ticket),
        "parameters": Value::from(upload.parameters()).to_string(),
        "successStatusCode": STORED,
    });
    state.uploads.push(upload);
    Ok(Some(reply))
}

impl Upload {
    /// The form's parts before the file.
    fn parameters(&self) -> Parameters {
        let parts = [("key", self.file.as_str()), ("policy", &self.ticket)];
        parts
            .map(|(name, value)| (name.to_owned(), value.into()))
            .into_iter()
            .collect()
    }
}

/// The parts of the form before the file, and the size of the file. Everybody else is refused.
pub(in crate::dev) fn announced(state: &State, ticket: &str) -> Result<(Parameters, u64)> {
    let mut uploads = state.uploads.iter();
    let upload = uploads.find(|upload| upload.ticket == ticket);
    let upload = upload.ok_or_else(no_address)?;
    Ok((upload.parameters(), upload.size))
}

/// Takes the file of an upload. The ticket is good for one.
pub(in crate::dev) fn receive_upload(state: &mut State, ticket: &str, file: Bytes) -> Result<()> {
    let mut uploads = state.uploads.iter();
    let at = uploads.position(|upload| upload.ticket == ticket);
    let upload = state.uploads.swap_remove(at.ok_or_else(no_address)?);
    // The record may have been deleted meanwhile, and its files with it.
    let stored = state.file_mut(&upload.file).ok_or_else(no_address)?;
    stored.content = Some(file);
    Ok(())
}

/// The sealed content behind an address `/kind/ticket`.
pub(in crate::dev) fn download(state: &State, kind: &str, ticket: &str) -> Result<Bytes> {
    let mut files = state.records.iter().flat_map(|record| &record.files);
    let file = files
        .find(|file| file.ticket == ticket)
        .ok_or_else(no_address)?;
    let content = match kind {
        "files" => &file.content,
        "thumbnails" => &file.thumbnail,
        _ => &None,
    };
    content.clone().ok_or_else(no_address)
}

/// As the storage behind the real server answers a wrong or expired address.
fn no_address() -> ErrorReply {
    ErrorReply::denied("this address is not valid, or not any more")
}
