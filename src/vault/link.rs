//! A link from a record to another, or a setting it keeps about itself (protocol 9.7).

use serde_json::Value;

use super::keys::RecordKey;
use crate::codec;
use crate::json;
use crate::sensitive::SensitiveJson;
use crate::wire::reply;

#[derive(Debug, Clone)]
pub struct Link {
    pub record_uid: String,
    /// The kind of link; none for a credential.
    pub path: Option<String>,
    /// As sent.
    pub data: Option<String>,
    /// The data as a JSON object, if it is one.
    pub decoded: Option<SensitiveJson>,
}

impl Link {
    /// `key` is that of the record the link belongs to.
    pub fn open(wire: &reply::Link<'_>, key: &RecordKey) -> Self {
        let data = wire.data.as_deref();
        let decoded = data.and_then(|data| decode(data, Some(key)));
        Self {
            record_uid: wire.record_uid.to_string(),
            path: wire.path.as_deref().map(str::to_owned),
            data: data.map(str::to_owned),
            decoded: decoded.map(SensitiveJson::new),
        }
    }
}

/// Reads base64 of an object in plain, or of one encrypted with the owning record's key.
pub fn decode(data: &str, key: Option<&RecordKey>) -> Option<Value> {
    let bytes = codec::decode(data).ok()?;
    let object = |plain: &[u8]| json::members(plain).ok().map(Value::Object);
    let plain = object(&bytes);
    plain.or_else(|| object(key?.open(bytes).ok()?.expose()))
}
