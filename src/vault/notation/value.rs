//! The answer to a notation, and its form as text.

use std::fmt;

use crate::buffer::Buffer;
use crate::json;
use crate::sensitive::{Sensitive, SensitiveJson};

#[derive(Clone, PartialEq)]
pub enum Value {
    /// The field or notes are there and empty.
    Null,
    /// A JSON string, unquoted.
    Text(Sensitive<String>),
    /// A number, boolean, list or object.
    Json(SensitiveJson),
    /// The content of an attachment.
    Bytes(Sensitive<Buffer>),
}

impl Value {
    /// Whether [`Self::into_bytes`] gives nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.expose().is_empty(),
            Self::Bytes(bytes) => bytes.expose().is_empty(),
            Self::Json(_) => false,
        }
    }

    /// About as many bytes as [`Self::into_bytes`] gives.
    pub(crate) fn size(&self) -> u64 {
        let size = match self {
            Self::Null => 0,
            Self::Text(text) => text.expose().len(),
            Self::Json(value) => json::size(value.expose()),
            Self::Bytes(bytes) => bytes.expose().len(),
        };
        size as u64
    }

    /// Text and files as they are, nothing for null, the rest as one line of JSON (protocol 11.3, FIX 15).
    pub fn into_bytes(self) -> Sensitive<Buffer> {
        match self {
            Self::Null => Sensitive::default(),
            Self::Text(text) => Buffer::from(text.expose().as_bytes().to_vec()).into(),
            Self::Json(value) => Buffer::from(json::line(value.expose()).into_bytes()).into(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::String(text) => Self::Text(text.into()),
            value => Self::Json(SensitiveJson::new(value)),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Text(_) => "Text([sensitive])",
            Self::Json(_) => "Json([sensitive])",
            Self::Bytes(_) => "Bytes([sensitive])",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_the_text_scripts_expect() {
        let cases = [
            ("null", ""),
            ("true", "true"),
            ("5", "5"),
            ("-1.5", "-1.5"),
            ("1700000000000", "1700000000000"),
            (r#""é\n""#, "é\n"),
            (r#"[ "é" ,null]"#, r#"["\u00e9", null]"#),
            (
                r#"{"b":"🔑","a":{"x":["\u0001\u007f\n\"\\"]}}"#,
                r#"{"b": "\ud83d\udd11", "a": {"x": ["\u0001\u007f\n\"\\"]}}"#,
            ),
            ("[]", "[]"),
        ];
        for (json, expected) in cases {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            let bytes = Value::from(value).into_bytes();
            assert_eq!(String::from_utf8_lossy(bytes.expose()), expected, "{json}");
        }
    }
}
