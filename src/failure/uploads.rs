//! What a failed upload means at the command line, and how what it left is taken away.

use ksm::vault::uid::{FileUid, RecordUid};
use ksm::vault::{Leftover, UploadError};

use super::Code;
use super::network::of_http;

pub(super) fn of_upload(error: &UploadError) -> Code {
    match error {
        UploadError::Directions => Code::Unreachable,
        UploadError::Crypto(_) => Code::Failed,
        UploadError::Http(error) => of_http(error).0,
        UploadError::Status(status) if *status >= 500 => Code::Unreachable,
        UploadError::Status(_) => Code::Refused,
    }
}

pub(super) fn of_leftovers(record: &RecordUid, file: &FileUid, left: Leftover) -> String {
    match left {
        Leftover::Nothing => "try again".to_owned(),
        Leftover::Reference => format!("{}; then try again", removal(record, file)),
        Leftover::Unknown => attached(record, file),
    }
}

/// After a request of which nobody knows whether it was carried out.
pub(super) fn attached(record: &RecordUid, file: &FileUid) -> String {
    format!(
        "`ksm secret get {record}` shows whether it did; {}",
        removal(record, file)
    )
}

fn removal(record: &RecordUid, file: &FileUid) -> String {
    format!("`ksm secret delete-attachment -u {record} -f {file}` takes it out of the record")
}
