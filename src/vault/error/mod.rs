//! Every way a request to the vault ends without what was asked for.

mod operation;
mod select;
mod upload;

pub use self::operation::WriteOperation;
pub(super) use self::select::candidates;
pub use self::select::{Candidate, Kind, MissingRecords, SelectError};
pub use self::upload::{Leftover, UploadError};

use std::time::Duration;

use super::uid::{FileUid, RecordUid};
use crate::foreign::Text;
use crate::limits::Limit;
use crate::{clock, codec, crypto, error_chain, http, wire};

/// A record, folder or attachment that is there but does not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` does not open: {reason}", Text::from(uid))]
pub struct Broken {
    pub uid: String,
    /// Tells nothing of the content.
    pub reason: String,
}

impl Broken {
    pub(super) fn new(uid: &str, error: &Error) -> Self {
        Self {
            uid: uid.to_owned(),
            reason: error_chain::joined(error),
        }
    }
}

/// Why the cache does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CacheLack {
    #[error("the cache has no answer to this")]
    Nothing,
    #[error(
        "the answer in the cache is {} old, and may be {} old at most",
        clock::in_words(*.age),
        clock::in_words(*.most)
    )]
    TooOld { age: Duration, most: Duration },
    /// It has answers of earlier runs.
    #[error("the cache has answers, and is off")]
    Off,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Wire(#[from] wire::Error),
    /// A file transfer failed on the way.
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error(transparent)]
    Select(#[from] SelectError),
    /// Nobody may be asked.
    #[error("{0}")]
    NotCached(CacheLack),
    /// The server is out of reach.
    #[error("{}; {lack}", error_chain::joined(error))]
    Away {
        error: Box<wire::Error>,
        lack: CacheLack,
    },
    #[error("more than {}", Limit::REFERENCED)]
    TooMuch,
    #[error("it cannot be decrypted")]
    Crypto(#[from] crypto::Error),
    #[error("it cannot be decoded")]
    Codec(#[from] codec::Error),
    /// A write was refused, or nobody knows whether it was carried out.
    #[error("{}", in_words(.operation, .source))]
    Write {
        operation: Box<WriteOperation>,
        source: wire::Error,
    },
    /// Somebody else changed the record since it was read; nothing was written.
    #[error("record {uid} was changed meanwhile: it is at revision {newest}, and {read} was read")]
    Stale {
        uid: RecordUid,
        read: i64,
        newest: i64,
    },
    #[error("the profile lacks the public key of the application's owner, which creating needs")]
    NoOwnerKey,
    #[error("the record was not read from a vault")]
    NoRecordKey,
    #[error("the record has no such field")]
    NoField,
    /// Nothing was written.
    #[error(
        "the value holds a number that is too large for JSON, or is nested too deep, and could not be read again"
    )]
    Unreadable,
    #[error("the server accepted the one-time token but did not hand over the application key")]
    NoAppKey,
    #[error("the application key that the server sent does not open with this one-time token")]
    ForeignAppKey,
    /// The public key of the application's owner is no point of the curve.
    #[error("the public key of the application's owner that the server sent cannot be used")]
    OwnerKey,
    /// The server does not have the content yet.
    #[error("file {0} does not have a download URL yet")]
    NotUploaded(FileUid),
    /// `size` is the metadata's, `length` is what came.
    #[error("file {uid} has {length} bytes instead of the {size} that were uploaded")]
    Size {
        uid: FileUid,
        size: u64,
        length: u64,
    },
    /// The record is as it was.
    #[error("{}: {source}", Leftover::Nothing.in_words(.record, None))]
    NotAttached {
        record: RecordUid,
        source: wire::Error,
    },
    /// The content did not arrive in the storage, or may not have.
    #[error("{}: {source}", .left.in_words(.record, Some(.file)))]
    Upload {
        record: RecordUid,
        file: FileUid,
        left: Leftover,
        source: Box<UploadError>,
    },
    #[error("file {uid} cannot be decrypted")]
    DamagedContent { uid: FileUid, source: crypto::Error },
    #[error("file {uid} cannot be downloaded: the storage answered with status {status}")]
    Download { uid: FileUid, status: u16 },
}

impl Error {
    /// A JSON error without the text that serde would repeat.
    pub fn malformed(what: &'static str, error: &serde_json::Error) -> Self {
        Self::Wire(wire::Error::malformed(what, error))
    }
}

fn in_words(operation: &WriteOperation, source: &wire::Error) -> String {
    if source.may_have_acted() {
        format!("it is not known whether {operation}: {source}")
    } else {
        source.to_string()
    }
}
