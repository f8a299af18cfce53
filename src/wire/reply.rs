//! The decrypted answers of the endpoints (protocol 8), and refusals (protocol 6).
//!
//! Large answers borrow from the text they were read from.

use memchr::memchr_iter;
use serde::Deserialize;
use serde_json::Value;

use super::Error;
use super::list::List;
use super::object::object;
use super::server_key::KeyId;
use super::text::AnswerText;
use crate::foreign::Text;
use crate::json;
use crate::limits;
use crate::sensitive::Sensitive;

/// Reads a decrypted answer, unless it lists far more than its length is good for.
pub fn read<'a, T: Deserialize<'a>>(plain: &'a [u8]) -> Result<T, Error> {
    let most = limits::ANSWER_ITEMS + plain.len() / limits::BYTES_PER_OBJECT;
    if let Some(answer) = str::from_utf8(plain)
        .ok()
        .and_then(|text| json::usual(text, most))
    {
        return Ok(answer);
    }
    for (mark, bytes) in [
        (b'{', limits::BYTES_PER_OBJECT),
        (b',', limits::BYTES_PER_ITEM),
    ] {
        // Base64 has neither character, and texts for people have few of them.
        let count = memchr_iter(mark, plain).count();
        let limit = limits::ANSWER_ITEMS + plain.len() / bytes;
        if count > limit {
            return Err(Error::Items {
                count,
                limit,
                kib: plain.len() >> 10,
            });
        }
    }
    json::object(plain).map_err(|error| Error::malformed("the answer", &error))
}

object! {
    /// Answer to `get_secret` and `get_folders`.
    pub Secrets<'a> {
        /// U64: the application's title and type under the app key.
        app_data: AnswerText<'a> = "appData",
        /// B64: the app key under the token's client key; only in the answer that binds a device.
        encrypted_app_key: AnswerText<'a> = "encryptedAppKey",
        /// B64: the public point that new records are encrypted to.
        app_owner_public_key: AnswerText<'a> = "appOwnerPublicKey",
        /// Shared folders; all folders for `get_folders`.
        folders: Vec<Folder<'a>> = "folders",
        /// Records shared one by one.
        records: List<Record<'a>> = "records",
        /// The end of this device's access in milliseconds since 1970; 0 is never.
        expires_on: i64 = "expiresOn",
        /// Sentences for the user.
        warnings: Vec<Text> = "warnings",
    }
}

impl Secrets<'_> {
    /// The UIDs of all records. One that was shared in several ways comes several times.
    pub fn record_uids(&self) -> impl Iterator<Item = &str> {
        let within = self.folders.iter().flat_map(|folder| folder.records.iter());
        let records = self.records.iter().chain(within);
        records.map(|record| &*record.record_uid)
    }
}

object! {
    pub Record<'a> {
        record_uid: AnswerText<'a> = "recordUid",
        /// B64: its key under the app key or a folder's key; empty where that key itself is the record's.
        record_key: AnswerText<'a> = "recordKey",
        /// B64: its JSON under the record key.
        data: AnswerText<'a> = "data",
        revision: i64 = "revision",
        is_editable: bool = "isEditable",
        files: Vec<File<'a>> = "files",
        /// The shared folder.
        folder_uid: AnswerText<'a> = "folderUid",
        /// The folder below the shared one that contains the record.
        inner_folder_uid: AnswerText<'a> = "innerFolderUid",
        /// Only with `requestLinks`; `None` is "not sent".
        links: Option<Vec<Link<'a>>> = "links",
    }
}

object! {
    pub File<'a> {
        file_uid: AnswerText<'a> = "fileUid",
        /// B64: its key under the record's key.
        file_key: AnswerText<'a> = "fileKey",
        /// B64: its metadata under its key.
        data: AnswerText<'a> = "data",
        /// A link that works for a while, and a credential.
        url: AnswerText<'a> = "url",
        /// A credential too.
        thumbnail_url: AnswerText<'a> = "thumbnailUrl",
    }
}

object! {
    /// A link from a record to another, or to itself.
    pub Link<'a> {
        record_uid: AnswerText<'a> = "recordUid",
        /// Base64 of JSON, in plain or under the owning record's key.
        data: Option<AnswerText<'a>> = "data",
        path: Option<AnswerText<'a>> = "path",
    }
}

object! {
    pub Folder<'a> {
        folder_uid: AnswerText<'a> = "folderUid",
        /// B64: a shared folder's key under the app key, a deeper one's under its root's key (AES-CBC).
        folder_key: AnswerText<'a> = "folderKey",
        /// B64: its JSON under its key, AES-CBC; only for `get_folders`.
        data: AnswerText<'a> = "data",
        /// Empty for a shared folder.
        parent: AnswerText<'a> = "parent",
        is_editable: bool = "isEditable",
        /// Only for `get_secret`.
        records: List<Record<'a>> = "records",
    }
}

object! {
    /// Answer to `add_file`.
    pub Upload {
        /// The address of the upload form, a credential.
        url: Sensitive<String> = "url",
        /// A JSON object as text: the other parts of the form, in order. A credential too.
        parameters: Sensitive<String> = "parameters",
        success_status_code: Option<u16> = "successStatusCode",
    }
}

object! {
    /// Answer to `delete_secret` and `delete_folder`.
    pub Deletions {
        /// One entry per record or folder that the server knows.
        list: Vec<Deletion> = "records" | "folders",
    }
}

object! {
    #[derive(Debug, PartialEq, Eq)]
    pub Deletion {
        uid: String = "recordUid" | "folderUid",
        /// `ok` when the thing is gone.
        code: String = "responseCode",
        message: Option<String> = "errorMessage",
    }
}

impl Deletion {
    pub fn is_done(&self) -> bool {
        self.code == "ok"
    }

    pub fn is_missing(&self) -> bool {
        self.code == "n/a" || self.code.ends_with("_not_found")
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// `result_code`, else `error`; empty if the server named none.
    pub code: String,
    pub message: Text,
    pub additional_info: Text,
    /// The key to use instead, for the code `key`.
    pub key_id: Option<KeyId>,
    /// Seconds to wait, for the code `throttled`.
    pub retry_after: Option<f64>,
}

impl Refusal {
    /// Returns `None` for a body that is not a JSON object.
    pub fn parse(status: u16, body: &[u8]) -> Option<Self> {
        let members = json::members(body).ok()?;
        let text = |name: &str| {
            members
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let number = |name: &str| match members.get(name) {
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::String(text)) => Some(text.trim().to_owned()),
            _ => None,
        };
        Some(Self {
            status,
            code: Some(text("result_code"))
                .filter(|code| !code.is_empty())
                .unwrap_or_else(|| text("error")),
            message: text("message").into(),
            additional_info: text("additional_info").into(),
            key_id: number("key_id").and_then(|id| id.parse().ok()),
            retry_after: number("retry_after").and_then(|seconds| seconds.parse().ok()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::rows;

    #[test]
    fn null_and_absent_members_are_alike() {
        for text in [
            "{}",
            r#"{"records":null,"expiresOn":null,"warnings":null,"extra":{"x":1}}"#,
        ] {
            let secrets: Secrets = serde_json::from_str(text).unwrap();
            assert!(
                secrets.records.is_empty() && secrets.expires_on == 0,
                "{text}"
            );
        }
    }

    #[test]
    fn an_answer_lists_in_proportion_to_its_length() {
        const LENGTH: usize = 75 << 10;
        for (mark, limit) in [("{", 11_200), (",", 16_400)] {
            let read = |count: usize| {
                let text = mark.repeat(count) + &" ".repeat(LENGTH - count);
                read::<Upload>(text.as_bytes()).err()
            };
            let allowed = read(limit);
            assert!(matches!(allowed, Some(Error::Malformed { .. })), "{mark}");
            let error = read(limit + 1).map(|error| error.to_string());
            let expected = format!(
                "the answer lists {} things in 75 KiB, and at most {limit} are accepted for that length",
                limit + 1
            );
            assert_eq!(error, Some(expected), "{mark}");
        }
    }

    #[test]
    fn a_refusal_is_read_leniently() {
        let table = r#"
            {"error":"a","result_code":"b"} | b | None | None
            {"error":"key","key_id":8} | key | Some(KeyId(8)) | None
            {"error":"key","key_id":"8"} | key | Some(KeyId(8)) | None
            {"error":"throttled","retry_after":"4.5"} | throttled | None | Some(4.5)
            {"error":"throttled","retry_after":"soon"} | throttled | None | None
            {"error":7,"message":null} | | None | None
            {"error":"a","result_code":null} | a | None | None
        "#;
        for [text, code, key_id, retry_after] in rows(table) {
            let refusal = Refusal::parse(403, text.as_bytes()).unwrap();
            assert_eq!(refusal.code, code, "{text}");
            assert_eq!(format!("{:?}", refusal.key_id), key_id, "{text}");
            assert_eq!(format!("{:?}", refusal.retry_after), retry_after, "{text}");
        }
        for text in ["", "[]", "null", "\"text\"", "<html>"] {
            assert_eq!(Refusal::parse(403, text.as_bytes()), None, "{text}");
        }
    }
}
