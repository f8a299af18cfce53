//! The exit codes and hints for errors of the vault. After a write of unknown outcome, the hint says where to look.

use ksm::vault::uid::{FileUid, RecordUid};
use ksm::vault::{CacheLack, Leftover, UploadError, WriteOperation};
use ksm::{vault, wire};

use super::{Class, Classify, Code};

const OLDER: &str = "`--max-age` allows older answers, such as `--max-age 7d`";

impl Classify for vault::Error {
    fn class(&self) -> Class {
        match self {
            Self::Wire(error) => error.class(),
            Self::Write { operation, source } => of_write(operation, source),
            Self::Http(error) => error.class(),
            Self::Select(error) => error.class(),
            Self::Crypto(_)
            | Self::Codec(_)
            | Self::DamagedContent { .. }
            | Self::Size { .. }
            | Self::NoRecordKey
            | Self::TooMuch => Code::Failed.into(),
            Self::NotCached(CacheLack::TooOld { .. }) => Code::Unreachable.hint(OLDER),
            Self::NotCached(CacheLack::Nothing | CacheLack::Off) => Code::Unreachable
                .hint("the same command with `--cache` and without `--offline` keeps one"),
            Self::Away { error, lack } => match lack {
                CacheLack::Nothing => error.class(),
                CacheLack::TooOld { .. } => error.class().code.hint(OLDER),
                CacheLack::Off => error
                    .class()
                    .code
                    .hint("`--cache` lets the cache answer; `ksm config cache` shows its state"),
            },
            Self::NoField => Code::Missing.into(),
            Self::Unreadable => Code::Usage.into(),
            Self::Stale { .. } => Code::Refused
                .hint("nothing was written; `--retry` does it again, to what the record is now"),
            Self::NoOwnerKey => Code::Local
                .hint("an old client made the profile; make it anew with a new one-time token"),
            Self::NoAppKey | Self::ForeignAppKey | Self::OwnerKey => {
                Code::Unreachable.hint("the token is spent; ask for a new one")
            }
            Self::NotUploaded(_) => Code::Missing
                .hint("the vault may still be processing the upload; try again in a few seconds"),
            Self::NotAttached { source, .. } => source.class().code.hint("try again"),
            Self::Upload {
                record,
                file,
                left,
                source,
            } => of_upload(source).hint(of_leftovers(record, file, *left)),
            Self::Download { status, .. } if *status >= 500 => {
                Code::Unreachable.hint("try again in a while")
            }
            Self::Download { .. } => Code::Refused.into(),
        }
    }
}

fn of_write(operation: &WriteOperation, error: &wire::Error) -> Class {
    let class = error.class();
    match error {
        wire::Error::Refused(refusal) => class.code.hint_if(refused(operation, &refusal.code)),
        error if error.may_have_acted() => class.code.hint(look(operation)),
        _ => class,
    }
}

fn refused(operation: &WriteOperation, code: &str) -> Option<&'static str> {
    let is_about_space = ["quota", "storage", "limit"]
        .iter()
        .any(|word| code.contains(word));
    match (code, operation) {
        ("access_denied" | "access_violation", _) => Some(
            "the application may be allowed only to read it; whoever shares it can allow changes (`Can Edit`)",
        ),
        ("record_uid_not_found", _) => {
            Some("the record was deleted, or is not shared with this application any more")
        }
        ("folder_uid_not_found", _) => {
            Some("the folder was deleted, or is not shared with this application any more")
        }
        _ if is_about_space => Some("the vault has no room for more; its owner can make some"),
        _ => None,
    }
}

// A repeat might do it twice (D19), so the user decides.
fn look(operation: &WriteOperation) -> String {
    match operation {
        WriteOperation::CreateRecord(uid) => {
            format!("`ksm secret list -u {uid}` shows it if it was; otherwise try again")
        }
        WriteOperation::UpdateRecord(uid) => {
            format!("`ksm secret get {uid}` shows what it is now; then try again if need be")
        }
        WriteOperation::AttachFile(file, record) => attached(record, file),
        WriteOperation::DeleteRecords(_) => {
            "`ksm secret list` shows what is still there; deleting again does no harm".to_owned()
        }
        WriteOperation::CreateFolder(_)
        | WriteOperation::RenameFolder(_)
        | WriteOperation::DeleteFolders(_) => {
            "`ksm folder list` shows what there is now; then try again if need be".to_owned()
        }
    }
}

fn of_upload(error: &UploadError) -> Code {
    match error {
        UploadError::Directions => Code::Unreachable,
        UploadError::Crypto(_) | UploadError::Interrupted => Code::Failed,
        UploadError::Http(error) => error.class().code,
        UploadError::Status(status) if *status >= 500 => Code::Unreachable,
        UploadError::Status(_) => Code::Refused,
    }
}

fn of_leftovers(record: &RecordUid, file: &FileUid, left: Leftover) -> String {
    match left {
        Leftover::Nothing => "try again".to_owned(),
        Leftover::Reference => format!("{}; then try again", removal(record, file)),
        Leftover::Unknown => attached(record, file),
    }
}

/// The hint after a request that may have been carried out.
fn attached(record: &RecordUid, file: &FileUid) -> String {
    format!(
        "`ksm secret get {record}` shows whether it did; {}",
        removal(record, file)
    )
}

fn removal(record: &RecordUid, file: &FileUid) -> String {
    format!("`ksm secret delete-attachment -u {record} -f {file}` takes it out of the record")
}

#[cfg(test)]
mod tests {
    use ksm::http;
    use ksm::vault::Error;
    use ksm::wire::reply::Refusal;

    use super::super::Failure;
    use super::*;

    fn failure(source: wire::Error) -> Failure {
        let operation = Box::new(WriteOperation::UpdateRecord("U".into()));
        Error::Write { operation, source }.into()
    }

    #[test]
    fn a_lost_answer_is_no_refusal() {
        let lost = failure(wire::Error::Http(http::Error::Silence { host: "h".into() }));
        assert_eq!(lost.code(), Code::Unreachable);
        assert_eq!(
            lost.to_string(),
            "Error: it is not known whether record U was changed: h stopped answering\n\
             Hint: `ksm secret get U` shows what it is now; then try again if need be\n"
        );
        let never = failure(wire::Error::Http(http::Error::Connect {
            host: "h".into(),
            proxy: None,
            reason: "refused".into(),
        }));
        assert!(
            never
                .to_string()
                .starts_with("Error: cannot connect to h: refused\n")
        );
    }

    #[test]
    fn refusals_are_told_with_what_they_mean() {
        for (code, hint) in [
            ("access_denied", "`Can Edit`"),
            ("record_uid_not_found", "deleted"),
            ("quota_exceeded", "no room"),
        ] {
            let refusal = Refusal {
                status: 403,
                code: code.into(),
                message: "no".into(),
                ..Refusal::default()
            };
            let failure = failure(wire::Error::Refused(Box::new(refusal)));
            assert_eq!(failure.code(), Code::Refused, "{code}");
            let text = failure.to_string();
            assert!(
                text.starts_with(&format!("Error: {code}, message=no\n")),
                "{text}"
            );
            assert!(text.contains(hint), "{text}");
        }
    }
}
