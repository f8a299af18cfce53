//! Reading the vector files.

use ksm::crypto::aead::Key;
use ksm::crypto::signing::SigningKey;
use serde_json::Value;

/// A vector file, by its text.
pub fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The items of a list.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// A text member.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

/// A member in hex.
pub fn bytes(value: &Value, name: &str) -> Vec<u8> {
    hex::decode(text(value, name)).unwrap()
}

/// A 32-byte key in hex.
pub fn key(value: &Value, name: &str) -> Key {
    Key::from_bytes(&bytes(value, name)).unwrap()
}

/// A member in base64.
pub fn decoded(value: &Value, name: &str) -> Vec<u8> {
    ksm::codec::decode(text(value, name)).unwrap()
}

/// Our client's result: `recommended` where there is one, else the official client's.
pub fn expected(vector: &Value) -> Value {
    let mut expected = vector.clone();
    if let Value::Object(better) = &vector["recommended"] {
        for (name, value) in better {
            expected[name] = value.clone();
        }
    }
    expected
}

/// A bare scalar in the PKCS#8 frame that every client writes.
pub fn signing_key(scalar: &[u8]) -> SigningKey {
    let sec1 = [&[0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20], scalar].concat();
    let head =
        hex::decode("304102010030130607 2a8648ce3d0201 06082a8648ce3d030107 0427".replace(' ', ""))
            .unwrap();
    SigningKey::from_der(&[head, sec1].concat()).unwrap()
}
