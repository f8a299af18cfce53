//! Which of a record's attachments is meant.

use ksm::vault::Record;
use ksm::vault::attachment::Attachment;
use ksm::vault::uid::FileUid;

use crate::failure::{Code, Failure};

/// The attachment with this UID.
pub(super) fn with_uid<'r>(record: &'r Record, uid: &str) -> Option<&'r Attachment> {
    record
        .files()
        .iter()
        .find(|file| file.uid().as_str() == uid)
}

/// The one attachment with this title, else the one with this file name. More than one is a failure (decision D5).
pub(super) fn called<'r>(
    record: &'r Record,
    name: &str,
) -> Result<Option<&'r Attachment>, Failure> {
    let called_by = |of: fn(&Attachment) -> &str| -> Vec<&Attachment> {
        record
            .files()
            .iter()
            .filter(|file| of(file) == name)
            .collect()
    };
    let titled = called_by(Attachment::title);
    let matches = match titled.is_empty() {
        true => called_by(Attachment::name),
        false => titled,
    };
    match matches.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only)),
        several => {
            let uids: Vec<_> = several.iter().map(|file| file.uid().to_string()).collect();
            let what = format!(
                "{} files of record {} are called {name}",
                uids.len(),
                record.uid()
            );
            Err(Failure::new(Code::Missing, what)
                .hint(format!("choose one by its UID: {}", uids.join(", "))))
        }
    }
}

/// The UID of the attachment with this UID, else title, else name. One that does not open, or has no content, has its
/// UID all the same.
pub(super) fn uid_of(record: &Record, named: &str) -> Result<Option<FileUid>, Failure> {
    let uid = FileUid::from(named);
    if record.names(&uid) || with_uid(record, named).is_some() {
        return Ok(Some(uid));
    }
    Ok(called(record, named)?.map(|file| file.uid().clone()))
}

/// A failure to find one of a record's attachments. What does not open has neither title nor name (security.md C5).
pub(super) fn missing(record: &Record, uid: Option<&str>, what: String) -> Failure {
    if uid.is_some_and(|uid| record.names(&FileUid::from(uid))) {
        let what = "the attachment does not open, or the server did not hand it out";
        return Failure::new(Code::Failed, what);
    }
    let failure = Failure::new(Code::Missing, what);
    match record.file_references().count() > record.files().len() {
        true => failure.hint("the record names attachments that did not open or were not handed out; it may be one of them"),
        false => failure,
    }
}
