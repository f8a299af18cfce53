//! Creating, changing and deleting records (protocol 8.3 to 8.5).

use super::{Deletion, deletions, parse};
use crate::codec;
use crate::crypto::signing::PublicKey;
use crate::vault::keys::{FolderKey, RecordKey};
use crate::vault::select::FolderTree;
use crate::vault::uid::{self, FileUid, FolderUid, RecordUid};
use crate::vault::{Client, Error, Record, RecordEdit, WriteOperation};
use crate::wire::payload::{CreateSecret, DeleteSecret, UpdateSecret};
use crate::wire::{self, reply};

/// The folder for new records, with the keys they are sealed for.
#[derive(Debug, Clone)]
pub struct ParentFolder {
    owner: PublicKey,
    root: FolderUid,
    root_key: FolderKey,
    /// The folder itself, unless it is the root.
    below: Option<FolderUid>,
}

impl Client {
    /// New records and files are sealed for this key. Devices that old clients bound do not know it.
    pub(in crate::vault) fn owner_key(&self) -> Result<PublicKey, Error> {
        self.owner_key.ok_or(Error::NoOwnerKey)
    }

    /// `folder` is named by UID, title or path.
    pub async fn parent_folder(&self, folder: &str) -> Result<ParentFolder, Error> {
        let owner = self.owner_key()?;
        let folders = self.folders().await?;
        let folder = &FolderTree::new(&folders).find(folder)?.uid;
        let (root, root_key) = folders.root(folder)?;
        Ok(ParentFolder {
            owner,
            root: root.clone(),
            root_key: root_key.clone(),
            below: (folder != root).then(|| folder.clone()),
        })
    }

    pub async fn create(
        &self,
        parent: &ParentFolder,
        edit: &RecordEdit,
    ) -> Result<RecordUid, Error> {
        let uid = RecordUid::from(uid::generate()?);
        let key = RecordKey::generate()?;
        let payload = CreateSecret {
            record_uid: uid.as_str().to_owned(),
            record_key: codec::encode(&key.wrap_for(&parent.owner)?),
            folder_uid: parent.root.as_str().to_owned(),
            folder_key: codec::encode(&key.wrap(&parent.root_key)?),
            data: codec::encode(&key.seal(edit.padded()?.expose())?),
            sub_folder_uid: parent.below.as_ref().map(|uid| uid.as_str().to_owned()),
        };
        self.write(WriteOperation::CreateRecord(uid.clone()), payload)
            .await?;
        Ok(uid)
    }

    /// Replaces the content of `record` as it was read by `edit`, and removes the attachments `detached`. Where somebody
    /// else changed the record since, nothing is written: [`Error::Stale`].
    pub async fn update(
        &self,
        record: &Record,
        edit: &RecordEdit,
        detached: &[FileUid],
    ) -> Result<(), Error> {
        let removed = detached.iter().map(|uid| uid.as_str().to_owned()).collect();
        let payload = UpdateSecret {
            record_uid: record.uid().as_str().to_owned(),
            data: codec::encode(&record.key()?.seal(edit.padded()?.expose())?),
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

    /// Turns the refusal of a change into [`Error::Stale`] if the record is newer than it was read. Servers have no code for
    /// that, so the record is asked for.
    pub(in crate::vault) async fn explained(&self, record: &Record, error: Error) -> Error {
        let Error::Write {
            source: wire::Error::Refused(_),
            ..
        } = error
        else {
            return error;
        };
        let fresh = self.newest(record.uid()).await;
        let newest = fresh.as_ref().map_or(0, Record::revision);
        match Some(newest).filter(|newest| *newest > record.revision()) {
            Some(newest) => Error::Stale {
                uid: record.uid().clone(),
                read: record.revision(),
                newest,
            },
            None => error,
        }
    }

    pub async fn delete(&self, uids: &[RecordUid]) -> Result<Vec<Deletion>, Error> {
        let asked: Vec<&str> = uids.iter().map(RecordUid::as_str).collect();
        let operation = WriteOperation::DeleteRecords(uids.to_vec());
        let payload = DeleteSecret {
            record_uids: asked.iter().map(|uid| (*uid).to_owned()).collect(),
        };
        let plain = self.write(operation.clone(), payload).await?;
        let answer: reply::Deletions = parse(&operation, &plain)?;
        Ok(deletions(&asked, &answer.list))
    }
}
