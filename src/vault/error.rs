//! Every way a question to the vault ends without what was asked for.

use super::uid::{FileUid, FolderUid, RecordUid};
use super::{Left, UploadError, WriteOperation};
use crate::{codec, crypto, http, wire};

/// Why there is nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The question or its answer failed on the way.
    #[error(transparent)]
    Wire(#[from] wire::Error),
    /// A file transfer failed on the way.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// Something does not open with the key it should.
    #[error("it cannot be decrypted")]
    Crypto(#[from] crypto::Error),
    /// Something is not encoded as it should be.
    #[error("it cannot be decoded")]
    Codec(#[from] codec::Error),
    /// A record that was asked for is there but damaged.
    #[error("record {uid} cannot be opened: {reason}")]
    Damaged {
        /// Which.
        uid: RecordUid,
        /// What is wrong with it.
        reason: String,
    },
    /// A folder that is needed is there but damaged.
    #[error("folder {uid} cannot be opened: {reason}")]
    DamagedFolder {
        /// Which.
        uid: FolderUid,
        /// What is wrong with it.
        reason: String,
    },
    /// A folder that is not there, or lies in no shared folder.
    #[error("Unable to find the shared folder for {0}")]
    NoFolder(FolderUid),
    /// A write was refused, or nobody knows whether it was carried out.
    #[error("{}", told(.operation, .source))]
    Write {
        /// What it was to do.
        operation: Box<WriteOperation>,
        /// What came instead of an answer.
        source: wire::Error,
    },
    /// A change that is based on what the record was, and not on what it is.
    #[error("record {uid} was changed meanwhile: it is at revision {newest}, and {read} was read")]
    Stale {
        /// Which.
        uid: RecordUid,
        /// The revision the change is based on.
        read: i64,
        /// The one the record has.
        newest: i64,
    },
    /// The device does not know what new records are to be sealed for.
    #[error("the profile lacks the public key of the application's owner, which creating needs")]
    NoOwnerKey,
    /// A record that came from elsewhere than a vault.
    #[error("the record was not read from a vault")]
    NoRecordKey,
    /// A field that was to be changed and is not there.
    #[error("the record has no such field")]
    NoField,
    /// The answer to a device's introduction lacks the application key.
    #[error("the server accepted the one-time token but did not hand over the application key")]
    NotIntroduced,
    /// The application key does not open with this token.
    #[error("the application key that the server sent does not open with this one-time token")]
    ForeignAppKey,
    /// The public key of the application's owner is no point of the curve.
    #[error("the public key of the application's owner that the server sent cannot be used")]
    OwnerKey,
    /// An attachment whose content the server does not have yet.
    #[error("file {0} has no download link yet")]
    NotUploaded(FileUid),
    /// A file whose content is not the one its metadata is about.
    #[error("file {uid} has {length} bytes instead of the {size} that were uploaded")]
    Size {
        /// Which.
        uid: FileUid,
        /// Bytes according to the metadata.
        size: u64,
        /// Bytes that came.
        length: u64,
    },
    /// A file that was not attached; the record is as it was.
    #[error("{}: {source}", untouched(.record))]
    NotAttached {
        /// Which record.
        record: RecordUid,
        /// What came in the way.
        source: wire::Error,
    },
    /// A file whose content did not arrive where it was to be, or may not have.
    #[error("{}: {source}", ended(.record, .file, *.left))]
    Upload {
        /// The record it was to be attached to.
        record: RecordUid,
        /// Which.
        file: FileUid,
        /// What is left of it.
        left: Left,
        /// What came in the way.
        source: Box<UploadError>,
    },
    /// A file whose content does not open.
    #[error("file {uid} cannot be decrypted")]
    DamagedFile {
        /// Which.
        uid: FileUid,
        /// What is wrong with it.
        source: crypto::Error,
    },
    /// The storage did not give the content.
    #[error("file {uid} cannot be downloaded: the storage answered with status {status}")]
    Download {
        /// Which.
        uid: FileUid,
        /// HTTP status.
        status: u16,
    },
}

impl Error {
    /// A JSON error without the text that serde would repeat.
    pub fn malformed(what: &'static str, error: &serde_json::Error) -> Self {
        Self::Wire(wire::Error::malformed(what, error))
    }
}

fn untouched(record: &RecordUid) -> String {
    format!("the file was not uploaded, and record {record} is as it was")
}

fn ended(record: &RecordUid, file: &FileUid, left: Left) -> String {
    match left {
        Left::Nothing => untouched(record),
        Left::Reference => {
            format!("the file was not uploaded, but record {record} names it as {file}")
        }
        Left::Doubt => format!(
            "it is not known whether the file was uploaded; record {record} names it as {file}"
        ),
    }
}

fn told(operation: &WriteOperation, source: &wire::Error) -> String {
    if source.may_have_acted() {
        format!("it is not known whether {operation}: {source}")
    } else {
        source.to_string()
    }
}
