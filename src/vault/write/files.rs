//! Attaching files to records (protocol 8.6). It takes two requests: the record names the file after the first, and
//! the storage has its content after the second. What goes wrong between them is made good where that is safe.

use std::pin::pin;
use std::rc::Rc;

use super::parse;
use crate::codec;
use crate::vault::transfer::{self, SealedFile};
use crate::vault::uid::{FileUid, RecordUid};
use crate::vault::{
    Client, Error, Leftover, Record, RecordEdit, SelectError, UploadError, WriteOperation,
};
use crate::wire::payload::AddFile;
use crate::wire::reply;

impl Client {
    /// Attaches a file to `record` as it was read. On [`Error::Stale`] nothing was written and `file` serves once more; after
    /// anything else its content is spent.
    ///
    /// Once `stop` ends, the transfer is given up and the record put right.
    pub async fn upload(
        &self,
        record: &Record,
        file: &mut SealedFile,
        stop: impl Future<Output = ()>,
    ) -> Result<FileUid, Error> {
        let owner = self.owner_key()?;
        let uid = file.uid.clone();
        let mut edit = RecordEdit::of(record);
        edit.attach(&uid)?;
        let record_key = record.key()?;
        let payload = AddFile {
            file_record_uid: uid.as_str().to_owned(),
            file_record_key: codec::encode(&file.key.wrap_for(&owner)?),
            file_record_data: codec::encode_url(&file.metadata),
            owner_record_uid: record.uid().as_str().to_owned(),
            owner_record_data: codec::encode_url(&record_key.seal(edit.padded()?.expose())?),
            owner_record_revision: Some(record.revision()),
            link_key: codec::encode(&file.key.wrap(record_key)?),
            file_size: file.content.len() as u64,
        };
        let operation = WriteOperation::AttachFile(uid.clone(), record.uid().clone());
        let mut stop = pin!(stop);
        let mut stopped = false;
        // Its outcome decides what is to be put right, so it is waited for.
        let answer = {
            let mut written = pin!(self.write(operation.clone(), payload));
            loop {
                tokio::select! {
                    () = stop.as_mut(), if !stopped => stopped = true,
                    answer = written.as_mut() => break answer,
                }
            }
        };
        let directions = match answer {
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
        let origin = self.session.host.url("");
        let sent = tokio::select! {
            biased;
            () = async { if !stopped { stop.await } } => Err(UploadError::Interrupted),
            sent = transfer::send(&http, &origin, &*listener, &directions, content) => sent,
        };
        match sent {
            Ok(()) => Ok(uid),
            Err(source) => {
                let left = if source.may_have_acted() {
                    Leftover::Unknown
                } else if self.withdraw(record.uid(), &uid).await.is_ok() {
                    Leftover::Nothing
                } else {
                    Leftover::Reference
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

    /// Undoes what a first request may have done whose answer was lost: no content was sent yet.
    async fn unannounced(&self, record: &RecordUid, file: &FileUid, error: Error) -> Error {
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

    /// Takes the reference to a file without content out of the record.
    async fn withdraw(&self, uid: &RecordUid, file: &FileUid) -> Result<(), Error> {
        let record = match self.newest(uid).await {
            // Nothing is left of a record that is gone.
            Err(Error::Select(SelectError::NoRecord { .. })) => return Ok(()),
            record => record?,
        };
        if !record.refers_to(file) {
            return Ok(());
        }
        let mut edit = RecordEdit::of(&record);
        edit.detach(file)?;
        self.update(&record, &edit, std::slice::from_ref(file))
            .await
    }
}
