//! Attachments: announcing one, receiving its content, handing content out (protocol 8.6 and 8.7).

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{EndpointResult, new_uid, owners_copy, same_key, sealed_json};
use crate::dev::error_reply::ErrorReply;
use crate::dev::seal_seed::ticket;
use crate::dev::state::{RecordChange, State, StoredFile, Upload};
use crate::dev::upload_form::{LARGEST_FILE, UploadForm};
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
        "parameters": upload.parameters().to_string(),
        "successStatusCode": STORED,
    });
    state.uploads.push(upload);
    Ok(Some(reply))
}

impl Upload {
    /// The form's parts before the file.
    fn parameters(&self) -> Value {
        json!({"key": self.file.as_str(), "policy": self.ticket})
    }
}

/// Takes the form of an upload: its parameters first and in order, the file last.
pub(in crate::dev) fn receive_upload(
    state: &mut State,
    ticket: &str,
    form: UploadForm,
) -> Result<(), ErrorReply> {
    let at = state
        .uploads
        .iter()
        .position(|upload| upload.ticket == ticket);
    let upload = at
        .and_then(|at| state.uploads.get(at))
        .ok_or_else(no_address)?;
    if !form
        .parameters
        .iter()
        .eq(upload.parameters().as_object().into_iter().flatten())
    {
        return Err(ErrorReply::bad(
            "the form's parts are not the `parameters` of the upload, in their order",
        ));
    }
    if form.file.len() as u64 != upload.size {
        return Err(ErrorReply::bad(format!(
            "the file has {} bytes instead of {}",
            form.file.len(),
            upload.size
        )));
    }
    let uid = upload.file.clone();
    state.uploads.retain(|upload| upload.ticket != ticket);
    // The record may have been deleted meanwhile, and its files with it.
    state.file_mut(&uid).ok_or_else(no_address)?.content = Some(form.file);
    Ok(())
}

/// The sealed content behind an address `/kind/ticket`.
pub(in crate::dev) fn download(
    state: &State,
    kind: &str,
    ticket: &str,
) -> Result<Bytes, ErrorReply> {
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
