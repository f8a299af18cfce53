//! The payloads: a struct per endpoint (protocol 8) with its path and effect.
//!
//! Unset optional members are left out. The development vault deserializes the same structs.

use serde::{Deserialize, Serialize};

/// Decides whether a request is sent again when its answer was lost (D19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Read,
    /// It may have been carried out, so it is never repeated.
    Write,
}

pub trait Payload: Serialize {
    /// The last part of the endpoint's path.
    const ENDPOINT: &'static str;
    const EFFECT: Effect;
}

/// The two members of every payload, around the rest.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedPayload<P> {
    /// Client family and version, such as `mr17.3.0`.
    pub client_version: String,
    /// In B64.
    pub client_id: String,
    #[serde(flatten)]
    pub payload: P,
}

/// Official clients send `null` when it is empty.
type Filter = Option<Vec<String>>;

/// Declares a payload: members in camelCase, unset ones left out.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident: $effect:ident $endpoint:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Asks for records and shared folders; with `public_key`, binds the device (protocol 8.1).
    GetSecret: Read "get_secret" {
        /// The device's public point in B64, only while it is unbound.
        public_key: Option<String>,
        /// Record UIDs; unset means all.
        requested_records: Filter,
        /// Shared folder UIDs; unset means all.
        requested_folders: Filter,
        request_links: Option<bool>,
    }
}

payload! {
    /// Asks for all folders that the application can see (protocol 8.2).
    GetFolders: Read "get_folders" {}
}

payload! {
    /// Protocol 8.3.
    CreateSecret: Write "create_secret" {
        record_uid: String,
        /// B64: the record key, encrypted to the application owner's public key.
        record_key: String,
        /// The shared folder at the root.
        folder_uid: String,
        /// B64: the record key under the shared folder's key.
        folder_key: String,
        /// B64: the record's JSON under the record key.
        data: String,
        /// The folder below the root that takes the record.
        sub_folder_uid: Option<String>,
    }
}

payload! {
    /// Replaces a record's content at once or, with a transaction type, when finalized (protocol 8.4).
    UpdateSecret: Write "update_secret" {
        record_uid: String,
        /// B64: the record's JSON under the record key.
        data: String,
        /// The revision that the change is based on.
        revision: i64,
        /// `general` or `rotation`.
        transaction_type: Option<String>,
        /// File UIDs to detach.
        #[serde(rename = "links2Remove")]
        links_to_remove: Filter,
    }
}

payload! {
    /// Makes a staged update count (protocol 8.4).
    FinalizeSecretUpdate: Write "finalize_secret_update" {
        record_uid: String,
    }
}

payload! {
    /// Drops a staged update (protocol 8.4).
    RollbackSecretUpdate: Write "rollback_secret_update" {
        record_uid: String,
    }
}

payload! {
    /// Protocol 8.5.
    DeleteSecret: Write "delete_secret" {
        record_uids: Vec<String>,
    }
}

payload! {
    /// Announces an attachment and asks for the address of its upload (protocol 8.6).
    AddFile: Write "add_file" {
        file_record_uid: String,
        /// B64: the file key, encrypted to the application owner's public key.
        file_record_key: String,
        /// U64: the file's metadata under the file key.
        file_record_data: String,
        /// The record that it is attached to.
        owner_record_uid: String,
        /// U64: that record's JSON with the new reference, under its key.
        owner_record_data: String,
        /// The revision that the change is based on.
        owner_record_revision: Option<i64>,
        /// B64: the file key under the record key.
        link_key: String,
        /// Length of the encrypted content in bytes.
        file_size: u64,
    }
}

payload! {
    /// Creates a folder below a shared folder (protocol 8.8).
    CreateFolder: Write "create_folder" {
        folder_uid: String,
        /// The shared folder at the root.
        shared_folder_uid: String,
        /// U64: the new folder's key under the root's key, AES-CBC.
        shared_folder_key: String,
        /// U64: the folder's JSON under its own key, AES-CBC.
        data: String,
        /// The containing folder, unless that is the root.
        parent_uid: Option<String>,
    }
}

payload! {
    /// Protocol 8.8.
    UpdateFolder: Write "update_folder" {
        folder_uid: String,
        /// U64: the folder's JSON under its own key, AES-CBC.
        data: String,
    }
}

payload! {
    /// Protocol 8.8.
    DeleteFolder: Write "delete_folder" {
        folder_uids: Vec<String>,
        /// Whether the contents go too.
        force_deletion: bool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_members_are_omitted_and_null_is_unset() {
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
