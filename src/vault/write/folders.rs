//! Creating, renaming and deleting folders below shared ones (protocol 8.8).

use serde_json::json;

use super::{Deletion, deletions, parse};
use crate::codec;
use crate::vault::folder::Folders;
use crate::vault::keys::FolderKey;
use crate::vault::uid::{self, FolderUid};
use crate::vault::{Client, Error, WriteOperation};
use crate::wire::payload::{CreateFolder, DeleteFolder, UpdateFolder};
use crate::wire::reply;

/// The fate of records and folders in a folder that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderContents {
    /// A folder with contents is not deleted.
    Keep,
    Delete,
}

impl Client {
    /// `parent` is one of `folders`.
    pub async fn create_folder(
        &self,
        folders: &Folders,
        parent: &FolderUid,
        name: &str,
    ) -> Result<FolderUid, Error> {
        let (root, root_key) = folders.root(parent)?;
        let uid = FolderUid::from(uid::generate()?);
        let key = FolderKey::generate()?;
        let payload = CreateFolder {
            folder_uid: uid.as_str().to_owned(),
            shared_folder_uid: root.as_str().to_owned(),
            shared_folder_key: codec::encode_url(&root_key.wrap_descendant_unauthenticated(&key)?),
            data: codec::encode_url(&key.seal_unauthenticated(&named(name))?),
            parent_uid: (parent != root).then(|| parent.as_str().to_owned()),
        };
        self.write(WriteOperation::CreateFolder(uid.clone()), payload)
            .await?;
        Ok(uid)
    }

    /// `uid` is one of `folders`.
    pub async fn rename_folder(
        &self,
        folders: &Folders,
        uid: &FolderUid,
        name: &str,
    ) -> Result<(), Error> {
        let payload = UpdateFolder {
            folder_uid: uid.as_str().to_owned(),
            data: codec::encode_url(&folders.key(uid)?.seal_unauthenticated(&named(name))?),
        };
        self.write(WriteOperation::RenameFolder(uid.clone()), payload)
            .await?;
        Ok(())
    }

    /// None of the folders may lie in another.
    pub async fn delete_folders(
        &self,
        uids: &[FolderUid],
        contents: FolderContents,
    ) -> Result<Vec<Deletion>, Error> {
        let asked: Vec<&str> = uids.iter().map(FolderUid::as_str).collect();
        let operation = WriteOperation::DeleteFolders(uids.to_vec());
        let payload = DeleteFolder {
            folder_uids: asked.iter().map(|uid| (*uid).to_owned()).collect(),
            force_deletion: contents == FolderContents::Delete,
        };
        let plain = self.write(operation.clone(), payload).await?;
        let answer: reply::Deletions = parse(&operation, &plain)?;
        Ok(deletions(&asked, &answer.list))
    }
}

fn named(name: &str) -> Vec<u8> {
    json!({ "name": name }).to_string().into_bytes()
}
