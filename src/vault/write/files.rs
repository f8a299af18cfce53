//! Attaching files to records (protocol.md 8.6). It takes two requests: the record names the file after the first, and
//! the storage has its content after the second. What goes wrong between them is made good where that is safe.

use std::rc::Rc;

use super::parse;
use crate::codec;
use crate::vault::uid::{self, FileUid, RecordUid};
use crate::vault::upload::{self, SealedFile};
use crate::vault::{Client, Draft, Error, Record, WriteOperation};
use crate::wire::payload::AddFile;
use crate::wire::reply;

/// What a failed upload left in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// The record is as it was.
    Nothing,
    /// The record names a file that has no content.
    Reference,
    /// The record names the file; whether its content arrived, nobody knows.
    Doubt,
}

impl Client {
    /// Attaches a file to `record`, as it was read. Its UID begins with a letter or digit. Where somebody else changed
    /// the record since, nothing is written ([`Error::Stale`]) and the file can be attached to what it is now; in all
    /// other cases its content is spent.
    pub async fn upload(
        &mut self,
        record: &Record,
        file: &mut SealedFile,
    ) -> Result<FileUid, Error> {
        let owner = self.owner_key()?;
        let uid = FileUid::from(uid::generate()?);
        let mut draft = Draft::of(record);
        draft.attach(&uid)?;
        let record_key = record.key()?;
        let payload = AddFile {
            file_record_uid: uid.as_str().to_owned(),
            file_record_key: codec::encode(&file.key.wrap_for(&owner)?),
            file_record_data: codec::encode_url(&file.metadata),
            owner_record_uid: record.uid().as_str().to_owned(),
            owner_record_data: codec::encode_url(&record_key.seal(draft.padded()?.expose())?),
            owner_record_revision: Some(record.revision()),
            link_key: codec::encode(&file.key.wrap(record_key)?),
            file_size: file.content.len() as u64,
        };
        let operation = WriteOperation::AttachFile(uid.clone(), record.uid().clone());
        let directions = match self.write(operation.clone(), payload).await {
            Ok(plain) => parse::<reply::Upload>(&operation, &plain),
            Err(error) => Err(self.explained(record, error).await),
        };
        let directions = match directions {
            Ok(directions) => directions,
            Err(error) => return Err(self.unannounced(record.uid(), &uid, error).await),
        };
        let http = self.session.http.clone();
        let listener = Rc::clone(&self.listener);
        let content = std::mem::take(&mut file.content);
        match upload::send(&http, &*listener, &directions, content).await {
            Ok(()) => Ok(uid),
            Err(source) => {
                let left = if source.may_have_acted() {
                    Left::Doubt
                } else if self.withdraw(record.uid(), &uid).await.is_ok() {
                    Left::Nothing
                } else {
                    Left::Reference
                };
                Err(Error::Upload {
                    record: record.uid().clone(),
                    file: uid,
                    left,
                    source: Box::new(source),
                })
            }
        }
    }

    /// After a first request that failed. If only its answer was lost, what it may have done can be undone: no content
    /// was sent yet.
    async fn unannounced(&mut self, record: &RecordUid, file: &FileUid, error: Error) -> Error {
        match error {
            Error::Write { source, .. }
                if source.may_have_acted() && self.withdraw(record, file).await.is_ok() =>
            {
                Error::NotAttached {
                    record: record.clone(),
                    source,
                }
            }
            error => error,
        }
    }

    /// Takes the name of a file without content out of the record, if it is there.
    async fn withdraw(&mut self, uid: &RecordUid, file: &FileUid) -> Result<(), Error> {
        let mut found = self.record(uid).await?;
        let Some(record) = found.records.first() else {
            // Nothing is left of a record that is gone; one that does not open cannot be changed.
            return match found.broken.pop() {
                None => Ok(()),
                Some(broken) => Err(Error::Damaged {
                    uid: uid.clone(),
                    reason: broken.reason,
                }),
            };
        };
        if !record.names(file) {
            return Ok(());
        }
        let mut draft = Draft::of(record);
        draft.detach(file)?;
        self.update(record, &draft, std::slice::from_ref(file))
            .await
    }
}
