//! Creating, changing and deleting records (protocol.md 8.3 to 8.5).

use super::{Outcome, parse};
use crate::codec;
use crate::crypto::signing::PublicKey;
use crate::vault::draft::Draft;
use crate::vault::keys::{FolderKey, RecordKey};
use crate::vault::uid::{self, FileUid, FolderUid, RecordUid};
use crate::vault::{Client, Error, Record, WriteOperation};
use crate::wire::payload::{CreateSecret, DeleteSecret, UpdateSecret};
use crate::wire::{self, reply};

/// Where new records go, and what they are sealed with.
#[derive(Debug, Clone)]
pub struct Place {
    owner: PublicKey,
    root: FolderUid,
    root_key: FolderKey,
    /// The folder below the root, unless it is the root.
    below: Option<FolderUid>,
}

impl Client {
    /// What new records and files are sealed for. Devices that old clients bound do not know it.
    pub(in crate::vault) fn owner_key(&self) -> Result<PublicKey, Error> {
        self.owner_key.ok_or(Error::NoOwnerKey)
    }

    /// Makes ready to create records in `folder`: finds the shared folder it lies in.
    pub async fn place(&mut self, folder: &FolderUid) -> Result<Place, Error> {
        let owner = self.owner_key()?;
        let folders = self.folders().await?;
        let (root, root_key) = folders.root(folder)?;
        Ok(Place {
            owner,
            root: root.clone(),
            root_key: root_key.clone(),
            below: (folder != root).then(|| folder.clone()),
        })
    }

    /// Creates a record. Its UID begins with a letter or digit.
    pub async fn create(&mut self, place: &Place, draft: &Draft) -> Result<RecordUid, Error> {
        let uid = RecordUid::from(uid::generate()?);
        let key = RecordKey::generate()?;
        let payload = CreateSecret {
            record_uid: uid.as_str().to_owned(),
            record_key: codec::encode(&key.wrap_for(&place.owner)?),
            folder_uid: place.root.as_str().to_owned(),
            folder_key: codec::encode(&key.wrap(&place.root_key)?),
            data: codec::encode(&key.seal(draft.padded()?.expose())?),
            sub_folder_uid: place.below.as_ref().map(|uid| uid.as_str().to_owned()),
        };
        self.write(WriteOperation::CreateRecord(uid.clone()), payload)
            .await?;
        Ok(uid)
    }

    /// Replaces the content of `record`, as it was read, by `draft`, and takes the attachments `detached` from it.
    /// Where somebody else changed the record since, nothing is written: [`Error::Stale`].
    pub async fn update(
        &mut self,
        record: &Record,
        draft: &Draft,
        detached: &[FileUid],
    ) -> Result<(), Error> {
        let removed = detached.iter().map(|uid| uid.as_str().to_owned()).collect();
        let payload = UpdateSecret {
            record_uid: record.uid().as_str().to_owned(),
            data: codec::encode(&record.key()?.seal(draft.padded()?.expose())?),
            revision: record.revision(),
            // Without a transaction type the change counts at once.
            transaction_type: None,
            links_to_remove: Some(removed).filter(|removed: &Vec<_>| !removed.is_empty()),
        };
        let operation = WriteOperation::UpdateRecord(record.uid().clone());
        match self.write(operation, payload).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explained(record, error).await),
        }
    }

    /// A refused change of a record that is newer than we thought is explained by that. Servers have no code of their
    /// own for it, so the record is looked at.
    pub(in crate::vault) async fn explained(&mut self, record: &Record, error: Error) -> Error {
        let Error::Write {
            source: wire::Error::Refused(_),
            ..
        } = error
        else {
            return error;
        };
        let fresh = self.record(record.uid()).await;
        let revisions = fresh.iter().flat_map(|fresh| &fresh.records);
        let newest = revisions.map(Record::revision).max();
        match newest.filter(|newest| *newest > record.revision()) {
            Some(newest) => Error::Stale {
                uid: record.uid().clone(),
                read: record.revision(),
                newest,
            },
            None => error,
        }
    }

    /// Deletes records and says what became of each.
    pub async fn delete(&mut self, uids: &[RecordUid]) -> Result<Vec<Outcome>, Error> {
        let asked: Vec<&str> = uids.iter().map(RecordUid::as_str).collect();
        let operation = WriteOperation::DeleteRecords(uids.to_vec());
        let payload = DeleteSecret {
            record_uids: asked.iter().map(|uid| (*uid).to_owned()).collect(),
        };
        let plain = self.write(operation.clone(), payload).await?;
        let answer: reply::DeletedRecords = parse(&operation, &plain)?;
        let answered = answer.records.into_iter().map(Outcome::from).collect();
        Ok(Outcome::all(&asked, answered))
    }
}
