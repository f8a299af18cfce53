//! What is sent: one struct per endpoint (protocol.md 8), each knowing where it goes and whether it changes anything.
//!
//! Optional members are left out when unset. Every struct can be read back, which is how the development vault
//! receives them.

use serde::{Deserialize, Serialize};

/// Whether a request may be sent again when its answer did not arrive (decision D19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It changes nothing.
    Read,
    /// It may have been carried out, so it is not repeated.
    Write,
}

/// A payload and the endpoint it belongs to.
pub trait Payload: Serialize {
    /// Last part of the endpoint's path.
    const ENDPOINT: &'static str;
    /// What the request does to the vault.
    const EFFECT: Effect;
}

/// The two members every payload has, around the rest.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedPayload<P> {
    /// Client family and version, `mr17.3.0` for ours.
    pub client_version: String,
    /// Who asks, in B64.
    pub client_id: String,
    /// The members of the endpoint itself.
    #[serde(flatten)]
    pub payload: P,
}

/// A member that official clients send as `null` when it is empty.
type Filter = Option<Vec<String>>;

/// Declares a payload: its members in camelCase, unset ones left out.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident: $effect:ident $endpoint:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            $($(#[$field_doc])* #[serde(skip_serializing_if = "Absent::is_absent")] pub $field: $type,)*
        }

        impl Payload for $name {
            const ENDPOINT: &'static str = $endpoint;
            const EFFECT: Effect = Effect::$effect;
        }
    };
}

/// Whether a member goes without saying.
trait Absent {
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

macro_rules! always_present {
    ($($type:ty),*) => { $(impl Absent for $type { fn is_absent(&self) -> bool { false } })* };
}
always_present!(String, Vec<String>, i64, u64, bool);

payload! {
    /// Asks for records and shared folders; with `public_key`, introduces the device (protocol.md 7 and 8.1).
    GetSecret: Read "get_secret" {
        /// The device's public point in B64, only while it is unbound.
        public_key: Option<String>,
        /// Record UIDs; unset means all.
        requested_records: Filter,
        /// Shared folder UIDs; unset means all.
        requested_folders: Filter,
        /// Whether the records' links are wanted.
        request_links: Option<bool>,
    }
}

payload! {
    /// Asks for all folders the application can see (protocol.md 8.2).
    GetFolders: Read "get_folders" {}
}

payload! {
    /// Creates a record in a shared folder (protocol.md 8.3).
    CreateSecret: Write "create_secret" {
        /// The new record.
        record_uid: String,
        /// B64: the record key, encrypted to the application owner's public key.
        record_key: String,
        /// The shared folder at the root.
        folder_uid: String,
        /// B64: the record key under the shared folder's key.
        folder_key: String,
        /// The record's JSON under the record key.
        data: String,
        /// The folder below the root to put it in.
        sub_folder_uid: Option<String>,
    }
}

payload! {
    /// Replaces a record's content, at once or, with a transaction type, when finalized (protocol.md 8.4).
    UpdateSecret: Write "update_secret" {
        /// The record.
        record_uid: String,
        /// The record's JSON under the record key.
        data: String,
        /// The revision the change is based on.
        revision: i64,
        /// `general` or `rotation`.
        transaction_type: Option<String>,
        /// File UIDs to detach.
        #[serde(rename = "links2Remove")]
        links_to_remove: Filter,
    }
}

payload! {
    /// Makes a staged update count (protocol.md 8.4).
    FinalizeSecretUpdate: Write "finalize_secret_update" {
        /// The record.
        record_uid: String,
    }
}

payload! {
    /// Drops a staged update (protocol.md 8.4).
    RollbackSecretUpdate: Write "rollback_secret_update" {
        /// The record.
        record_uid: String,
    }
}

payload! {
    /// Deletes records (protocol.md 8.5).
    DeleteSecret: Write "delete_secret" {
        /// The records.
        record_uids: Vec<String>,
    }
}

payload! {
    /// Announces an attachment and asks where to upload it (protocol.md 8.6).
    AddFile: Write "add_file" {
        /// The new file.
        file_record_uid: String,
        /// B64: the file key, encrypted to the application owner's public key.
        file_record_key: String,
        /// U64: the file's metadata under the file key.
        file_record_data: String,
        /// The record it is attached to.
        owner_record_uid: String,
        /// U64: that record's JSON with the new reference, under its key.
        owner_record_data: String,
        /// The revision that change is based on.
        owner_record_revision: Option<i64>,
        /// B64: the file key under the record key.
        link_key: String,
        /// Length of the encrypted content in bytes.
        file_size: u64,
    }
}

payload! {
    /// Creates a folder below a shared folder (protocol.md 8.8).
    CreateFolder: Write "create_folder" {
        /// The new folder.
        folder_uid: String,
        /// The shared folder at the root.
        shared_folder_uid: String,
        /// U64: the new folder's key under the root's key, AES-CBC.
        shared_folder_key: String,
        /// U64: the folder's JSON under its own key, AES-CBC.
        data: String,
        /// The folder it lies in, unless that is the root.
        parent_uid: Option<String>,
    }
}

payload! {
    /// Renames a folder (protocol.md 8.8).
    UpdateFolder: Write "update_folder" {
        /// The folder.
        folder_uid: String,
        /// U64: the folder's JSON under its own key, AES-CBC.
        data: String,
    }
}

payload! {
    /// Deletes folders (protocol.md 8.8).
    DeleteFolder: Write "delete_folder" {
        /// The folders.
        folder_uids: Vec<String>,
        /// Whether what lies in them goes too.
        force_deletion: bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_members_are_left_out_and_null_reads_as_unset() {
        let signed = SignedPayload {
            client_version: "mr17.3.0".into(),
            client_id: "me".into(),
            payload: GetSecret {
                requested_records: Some(vec!["A".into()]),
                ..GetSecret::default()
            },
        };
        let text = serde_json::to_string(&signed).unwrap();
        assert_eq!(
            text,
            r#"{"clientVersion":"mr17.3.0","clientId":"me","requestedRecords":["A"]}"#
        );
        let read: SignedPayload<GetSecret> = serde_json::from_str(
            r#"{"clientVersion":"v","clientId":"c","publicKey":null,"requestedRecords":null}"#,
        )
        .unwrap();
        assert_eq!(read.payload.public_key, None);
    }

    #[test]
    fn the_one_irregular_name_is_kept() {
        let update = UpdateSecret {
            links_to_remove: Some(vec![]),
            ..UpdateSecret::default()
        };
        assert!(
            serde_json::to_string(&update)
                .unwrap()
                .contains(r#""links2Remove":[]"#)
        );
    }
}
