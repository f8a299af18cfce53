//! A link from a record to another, or a setting it keeps about itself (protocol 9.7).

use serde_json::Value;

use super::keys::RecordKey;
use crate::codec;
use crate::sensitive::SensitiveJson;
use crate::wire::reply;

#[derive(Debug, Clone)]
pub struct Link {
    record_uid: String,
    path: Option<String>,
    data: Option<String>,
    decoded: Option<SensitiveJson>,
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

    pub fn record_uid(&self) -> &str {
        &self.record_uid
    }

    /// The kind of link; none for a credential.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// As sent.
    pub fn data(&self) -> Option<&str> {
        self.data.as_deref()
    }

    /// The data as a JSON object, if it is one.
    pub fn decoded(&self) -> Option<&Value> {
        self.decoded.as_ref().map(SensitiveJson::expose)
    }
}

/// Reads base64 of an object in plain, or of one encrypted with the owning record's key.
pub fn decode(data: &str, key: Option<&RecordKey>) -> Option<Value> {
    let bytes = codec::decode(data).ok()?;
    let object = |plain: &[u8]| serde_json::from_slice(plain).ok().filter(Value::is_object);
    object(&bytes).or_else(|| object(key?.open(&bytes).ok()?.expose()))
}
