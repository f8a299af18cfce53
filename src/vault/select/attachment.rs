//! From a UID, title or file name to one of a record's attachments.

use crate::vault::advice;
use crate::vault::attachment::Attachment;
use crate::vault::record::Record;
use crate::vault::uid::FileUid;
use crate::vault::{Broken, SelectError};

type Rule = fn(&Attachment, &str) -> bool;

/// The rules by which an attachment fits a name. The first by which any attachment fits decides.
#[derive(Debug, Clone, Copy)]
pub struct FileRules(&'static [Rule]);

impl FileRules {
    const UID: Self = Self(&[has_uid]);
    pub const TITLE_THEN_NAME: Self = Self(&[has_title, has_name]);
    const UID_THEN_TITLE_THEN_NAME: Self = Self(&[has_uid, has_title, has_name]);
    /// A notation takes UID, title and name alike.
    pub(super) const ANY: Self =
        Self(&[|file, name| has_uid(file, name) || has_title(file, name) || has_name(file, name)]);
}

fn has_uid(file: &Attachment, name: &str) -> bool {
    file.uid().as_str() == name
}

fn has_title(file: &Attachment, name: &str) -> bool {
    file.title() == name
}

fn has_name(file: &Attachment, name: &str) -> bool {
    file.name() == name
}

/// The one attachment of `record` that `name` stands for. Damaged attachments have neither title nor name (C5).
pub fn attachment<'r>(
    record: &'r Record,
    name: &str,
    rules: FileRules,
) -> Result<&'r Attachment, SelectError> {
    let files = record.files();
    let is_absent = |uid: &&str| files.iter().all(|file| !has_uid(file, uid));
    let fitting = |rule: &Rule| -> Vec<&Attachment> {
        files.iter().filter(|file| rule(file, name)).collect()
    };
    let mut found = rules.0.iter().map(fitting);
    match found.find(|found| !found.is_empty()).as_deref() {
        Some([only]) => Ok(only),
        Some(several) => Err(SelectError::SeveralFiles {
            record: record.uid().clone(),
            name: name.to_owned(),
            uids: several.iter().map(|file| file.uid().clone()).collect(),
        }),
        None => Err(SelectError::NoFile {
            record: record.uid().clone(),
            name: name.to_owned(),
            has_others: !files.is_empty(),
            unread: record
                .file_references()
                .find(is_absent)
                .map(|uid| Box::new(unread(uid))),
            advice: advice::file(record, name),
        }),
    }
}

/// The attachment with this UID.
pub fn attachment_with_uid<'r>(
    record: &'r Record,
    uid: &str,
) -> Result<&'r Attachment, SelectError> {
    attachment(record, uid, FileRules::UID).map_err(|error| {
        match record.refers_to(&FileUid::from(uid)) {
            true => SelectError::DamagedFile(unread(uid)),
            false => error,
        }
    })
}

/// The UID of an attachment, which may be one that does not open or has no content.
pub fn attachment_uid(record: &Record, name: &str) -> Result<FileUid, SelectError> {
    let uid = FileUid::from(name);
    if record.refers_to(&uid) {
        return Ok(uid);
    }
    let file = attachment(record, name, FileRules::UID_THEN_TITLE_THEN_NAME)?;
    Ok(file.uid().clone())
}

/// An attachment that a record refers to and that did not come with it.
fn unread(uid: &str) -> Broken {
    Broken {
        uid: uid.to_owned(),
        reason: "it is damaged, or the server did not hand it out".to_owned(),
    }
}
