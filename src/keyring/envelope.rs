//! The texts of keyring items (compatibility 3): an outer object around a JSON text, and the hash that goes with it.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::codec;
use crate::json;
use crate::sensitive::{Sensitive, SensitiveJson};

/// The official layout: four blanks, sorted, one key.
pub(super) fn wrap(inner: &Sensitive<String>) -> Sensitive<String> {
    let inner = Value::String(inner.expose().clone());
    let outer = Value::Object(Map::from_iter([("data".to_owned(), inner)]));
    json::pretty(SensitiveJson::new(outer).expose()).into()
}

/// The text in an item's value, which may be base64, and the hash that belongs to it. `None` for any other value.
pub(super) fn unwrap(value: &str) -> Option<(Sensitive<String>, String)> {
    let decoded = match value.trim_start().starts_with('{') {
        true => None,
        false => Some(Sensitive::new(codec::decode(value).ok()?).into_text()?),
    };
    let plain = decoded
        .as_ref()
        .map_or(value, |text| text.expose().as_str());
    let mut outer = json::members(plain.as_bytes()).ok()?;
    outer.sort_keys();
    let outer = SensitiveJson::new(Value::Object(outer));
    let inner = outer.expose().get("data")?.as_str()?.to_owned();
    Some((inner.into(), hash(&json::pretty(outer.expose()).into())))
}

/// Lower-case hex of SHA-256: it tells accidents, not attackers, who would hash anew.
pub(super) fn hash(outer: &Sensitive<String>) -> String {
    codec::encode_hex(&Sha256::digest(outer.expose().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by Python: `json.dumps({"data": json.dumps({"a": "é"})}, indent=4, sort_keys=True)` and its SHA-256.
    const OFFICIAL: &str = "{\n    \"data\": \"{\\\"a\\\": \\\"\\\\u00e9\\\"}\"\n}";
    const HASH: &str = "f136e9b0becdf4196862941d9c8e08dce752d1a3e356f34b034e367eebc4eb54";

    #[test]
    fn the_official_layout_is_written_and_read() {
        let inner = Sensitive::new(r#"{"a": "\u00e9"}"#.to_owned());
        let outer = wrap(&inner);
        assert_eq!(outer.expose(), OFFICIAL);
        assert_eq!(hash(&outer), HASH);
        let base64 = codec::encode_url_padded(OFFICIAL.as_bytes());
        for value in [OFFICIAL, base64.as_str()] {
            let (read, hash) = unwrap(value).unwrap();
            assert_eq!(read, inner);
            assert_eq!(hash, HASH);
        }
    }

    #[test]
    fn other_values_are_none_of_ours() {
        for value in ["", "canary", "{", "{}", r#"{"data": 1}"#, "[1]"] {
            assert!(unwrap(value).is_none(), "{value:?}");
        }
    }
}
