//! Uploads that failed, and what they left behind.

use crate::vault::uid::{FileUid, RecordUid};
use crate::{crypto, http};

/// The trace of a failed upload in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// The record is as it was.
    Nothing,
    /// The record names a file that has no content.
    Reference,
    /// The record names the file, and nobody knows whether the content arrived.
    Unknown,
}

impl Leftover {
    pub(super) fn in_words(self, record: &RecordUid, file: Option<&FileUid>) -> String {
        let file = file.map_or("", FileUid::as_str);
        match self {
            Self::Nothing => format!("the file was not uploaded, and record {record} is as it was"),
            Self::Reference => {
                format!("the file was not uploaded, but record {record} names it as {file}")
            }
            Self::Unknown => format!(
                "it is not known whether the file was uploaded; record {record} names it as {file}"
            ),
        }
    }
}

/// The content did not arrive in the storage, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error("the server's directions for the upload cannot be read")]
    Directions,
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error("the storage answered with status {0}")]
    Status(u16),
    #[error("it was interrupted")]
    Interrupted,
}

impl UploadError {
    /// Whether the storage may have the content all the same.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Directions | Self::Crypto(_) | Self::Status(_) => false,
            // What has arrived goes with the reference.
            Self::Interrupted => false,
            Self::Http(error) => error.may_have_acted(),
        }
    }
}
