//! Sealed members of the requests by which official clients write: every member opens with the key the protocol names, to what the vector says.

use ksm::crypto::aead::{self, Key};
use ksm::crypto::signing::SigningKey;
use ksm::crypto::{cbc, ecies};
use ksm::wire::payload::{
    AddFile, CreateFolder, CreateSecret, Payload, UpdateFolder, UpdateSecret,
};
use ksm::wire::reply::{Deletions, Upload};
use serde_json::Value;

use super::data::{bytes, decoded, key, list, parse, signing_key, text};

/// One write, and the keys that everybody but the server has.
struct Write<'v> {
    keys: &'v Value,
    vector: &'v Value,
}

impl Write<'_> {
    /// A sealed member as it was sent.
    fn sent(&self, name: &str) -> Vec<u8> {
        decoded(&self.vector["request_plaintext"], name)
    }

    /// The UID in a member.
    fn uid(&self, name: &str) -> &str {
        text(&self.vector["request_plaintext"], name)
    }

    fn owner(&self) -> SigningKey {
        signing_key(&bytes(self.keys, "owner_private_scalar"))
    }

    fn root_key(&self, name: &str) -> Key {
        key(&self.keys["shared_folder_keys"], self.uid(name))
    }

    fn record_key(&self, name: &str) -> Key {
        key(&self.keys["record_keys"], self.uid(name))
    }

    /// The key that was made for this write, as its owner unwraps it.
    fn new_key(&self, name: &str, expected: &str) -> Key {
        let opened = ecies::open(&self.owner(), &self.sent(name)).unwrap();
        assert_eq!(opened.expose(), &bytes(&self.vector["decoded"], expected));
        Key::from_bytes(opened.expose()).unwrap()
    }

    fn holds(&self, name: &str, key: &Key, expected: &str) {
        let opened = aead::open(key, &self.sent(name)).unwrap();
        self.says(opened.expose(), expected);
    }

    /// Some vectors hold the JSON, some its text.
    fn says(&self, plain: &[u8], expected: &str) {
        let expected = match &self.vector["decoded"][expected] {
            Value::String(json) => parse(json),
            json => json.clone(),
        };
        let said: Value = serde_json::from_slice(plain).unwrap();
        assert_eq!(said, expected, "{}", self.vector["note"]);
    }
}

#[test]
fn each_sealed_member_opens_with_its_key() {
    let vectors = parse(include_str!("exchange_other.json"));
    for vector in list(&vectors["writes"]) {
        let write = Write {
            keys: &vectors["keys"],
            vector,
        };
        match text(vector, "endpoint") {
            CreateSecret::ENDPOINT => {
                let key = write.new_key("recordKey", "record_key_hex");
                let root = write.root_key("folderUid");
                assert_eq!(
                    aead::open_key(&root, &write.sent("folderKey")),
                    Ok(key.clone())
                );
                write.holds("data", &key, "record_json");
            }
            UpdateSecret::ENDPOINT => {
                write.holds("data", &write.record_key("recordUid"), "record_json");
            }
            AddFile::ENDPOINT => {
                let key = write.new_key("fileRecordKey", "file_key_hex");
                let owner = write.record_key("ownerRecordUid");
                assert_eq!(
                    aead::open_key(&owner, &write.sent("linkKey")),
                    Ok(key.clone())
                );
                write.holds("fileRecordData", &key, "file_json");
                write.holds("ownerRecordData", &owner, "owner_record_json");
                let upload = &vector["decoded"]["upload"];
                let content = aead::open(&key, &decoded(upload, "file_part_b64")).unwrap();
                assert_eq!(content.expose(), &decoded(upload, "file_plaintext_b64"));
            }
            CreateFolder::ENDPOINT => {
                let root = write.root_key("sharedFolderUid");
                let own = cbc::open_unauthenticated(&root, &write.sent("sharedFolderKey")).unwrap();
                assert_eq!(own.expose(), &bytes(&vector["decoded"], "folder_key_hex"));
                let own = Key::from_bytes(own.expose()).unwrap();
                let name = cbc::open_unauthenticated(&own, &write.sent("data")).unwrap();
                write.says(name.expose(), "folder_json");
            }
            UpdateFolder::ENDPOINT => {
                let folders = list(&vectors["get_folders"]["expected"]).iter();
                let mut named = folders.filter(|folder| folder["uid"] == write.uid("folderUid"));
                let own = key(named.next().unwrap(), "key");
                let name = cbc::open_unauthenticated(&own, &write.sent("data")).unwrap();
                write.says(name.expose(), "folder_json");
            }
            // The others seal nothing.
            _ => assert_eq!(vector["decoded"], serde_json::json!({})),
        }
    }
}

#[test]
fn each_answer_is_read() {
    let vectors = parse(include_str!("exchange_other.json"));
    let mut read = 0;
    for vector in list(&vectors["writes"]) {
        let answer = &vector["response_plaintext"];
        if answer["records"].is_array() {
            let deleted: Deletions = serde_json::from_value(answer.clone()).unwrap();
            let codes = deleted.list.iter().map(|record| &*record.code);
            assert_eq!(codes.collect::<Vec<_>>(), ["ok", "ok"]);
        } else if answer["folders"].is_array() {
            let deleted: Deletions = serde_json::from_value(answer.clone()).unwrap();
            assert_eq!(deleted.list[0].code, "ok");
        } else if answer["url"].is_string() {
            let upload: Upload = serde_json::from_value(answer.clone()).unwrap();
            assert_eq!(upload.success_status_code, Some(204));
            assert!(upload.parameters.expose().starts_with('{'));
        } else {
            assert_eq!(answer, "");
            continue;
        }
        read += 1;
    }
    assert_eq!(read, 3);
}
