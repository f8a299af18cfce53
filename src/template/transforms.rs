//! What a reference can ask to be done to its value, and the only place that knows the names of that.

use md5::Md5;
use sha2::{Digest, Sha256};

use super::quote;
use crate::codec::{self, Case};
use crate::sensitive::Sensitive;
use crate::vault::notation::Value;

/// Something done to a value on its way into the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    Base64,
    /// Without padding.
    Base64Url,
    /// A word of a dotenv file.
    Dotenv,
    /// A JSON value, ASCII only.
    Json,
    Lower,
    /// In hex.
    Md5,
    /// In hex.
    Sha256,
    /// A word of a POSIX shell.
    Shell,
    Trim,
    Upper,
    /// All but `/` and what RFC 3986 leaves unreserved.
    UrlEncode,
    /// `/` too, and `+` for a blank.
    UrlEncodePlus,
    /// A flow scalar or collection, ASCII only.
    Yaml,
}

/// By name, in the alphabet's order.
const TRANSFORMS: [(&str, Transform); 13] = [
    ("base64", Transform::Base64),
    ("base64url", Transform::Base64Url),
    ("dotenv", Transform::Dotenv),
    ("json", Transform::Json),
    ("lower", Transform::Lower),
    ("md5", Transform::Md5),
    ("sha256", Transform::Sha256),
    ("shell", Transform::Shell),
    ("trim", Transform::Trim),
    ("upper", Transform::Upper),
    ("urlencode", Transform::UrlEncode),
    ("urlencodeplus", Transform::UrlEncodePlus),
    ("yaml", Transform::Yaml),
];

/// Why a value does not go through a transform. Nothing of the value is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransformError {
    #[error("`{0}` takes text only, and the value is not valid UTF-8")]
    NotText(&'static str),
    #[error("`{0}` cannot write a value that contains a NUL byte")]
    Nul(&'static str),
    #[error(
        "`dotenv` cannot write a value that contains `${{`, which some readers expand however it is quoted"
    )]
    Expandable,
}

impl Transform {
    /// The one with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let found = TRANSFORMS.iter().find(|(known, _)| *known == name);
        found.map(|(_, transform)| *transform)
    }

    /// All names, for a message.
    pub(super) fn names() -> String {
        TRANSFORMS.map(|(name, _)| name).join(", ")
    }

    /// What it is called in a template.
    pub fn name(self) -> &'static str {
        let found = TRANSFORMS.iter().find(|(_, transform)| *transform == self);
        found.map_or("", |(name, _)| name)
    }

    /// Whether its result has quotes of its own, so that none belong around it.
    pub fn quotes(self) -> bool {
        matches!(self, Self::Dotenv | Self::Json | Self::Shell | Self::Yaml)
    }

    /// The value changed.
    pub(super) fn apply(self, value: Value) -> Result<Value, TransformError> {
        let text = match self {
            Self::Json => quote::json(&self.structured(value)?),
            Self::Yaml => quote::yaml(&self.structured(value)?),
            _ => return self.apply_to(&value.into_bytes()),
        };
        Ok(Value::Text(text.into()))
    }

    fn apply_to(self, bytes: &Sensitive<Vec<u8>>) -> Result<Value, TransformError> {
        let bytes = bytes.expose();
        let text = || str::from_utf8(bytes).map_err(|_| TransformError::NotText(self.name()));
        Ok(Value::Text(Sensitive::new(match self {
            Self::Base64 => codec::encode(bytes),
            Self::Base64Url => codec::encode_url(bytes),
            Self::Dotenv => quote::dotenv(text()?)?,
            Self::Lower => text()?.to_lowercase(),
            Self::Md5 => codec::encode_hex(&Md5::digest(bytes)),
            Self::Sha256 => codec::encode_hex(&Sha256::digest(bytes)),
            Self::Trim => text()?.trim().to_owned(),
            Self::Upper => text()?.to_uppercase(),
            Self::UrlEncode => codec::encode_percent(bytes, b"-._~/", Case::Upper),
            Self::UrlEncodePlus => {
                codec::encode_percent(bytes, b"-._~ ", Case::Upper).replace(' ', "+")
            }
            // A shell is indifferent to encodings.
            Self::Shell => return Ok(Value::Bytes(quote::shell(bytes)?.into())),
            Self::Json | Self::Yaml => text()?.to_owned(),
        })))
    }

    /// As JSON: what the vault keeps as something else than text stays that.
    fn structured(self, value: Value) -> Result<serde_json::Value, TransformError> {
        match value {
            Value::Json(json) => Ok(json.expose().clone()),
            value => {
                let bytes = value.into_bytes();
                let text = str::from_utf8(bytes.expose());
                let text = text.map_err(|_| TransformError::NotText(self.name()))?;
                Ok(serde_json::Value::from(text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(names: &str, value: Value) -> Result<String, TransformError> {
        let changed = names.split('|').try_fold(value, |value, name| {
            Transform::named(name).unwrap().apply(value)
        });
        Ok(String::from_utf8(changed?.into_bytes().expose().clone()).unwrap())
    }

    #[test]
    fn values_are_changed_as_the_official_cli_changes_them() {
        let table = [
            ("base64", "a+b?c~ü", "YStiP2N+w7w="),
            ("base64url", "a+b?c~ü", "YStiP2N-w7w"),
            ("lower", "ÀB", "àb"),
            ("md5", "canary", "1a93b59c9a4c9da9b85259447e678c76"),
            ("trim", " \t x y\n", "x y"),
            ("upper", "straße", "STRASSE"),
            ("urlencode", "a/b c?ü~_.-", "a/b%20c%3F%C3%BC~_.-"),
            ("urlencodeplus", "a/b c?ü~_.-", "a%2Fb+c%3F%C3%BC~_.-"),
            ("trim|upper|shell", " it's ", "'IT'\\''S'"),
            ("json", "ü\"\n", r#""\u00fc\"\n""#),
        ];
        for (names, value, expected) in table {
            let changed = applied(names, Value::from(json!(value)));
            assert_eq!(changed.unwrap(), expected, "{names}");
        }
    }

    #[test]
    fn json_and_yaml_keep_what_is_no_text() {
        for (value, json, yaml) in [
            (json!(true), "true", "true"),
            (
                json!({"a": ["ü🔑", 1e300]}),
                r#"{"a": ["\u00fc\ud83d\udd11", 1e+300]}"#,
                r#"{"a": ["\u00fc\U0001F511", 1.0e+300]}"#,
            ),
            (json!(null), r#""""#, r#""""#),
            (json!("true"), r#""true""#, r#""true""#),
        ] {
            assert_eq!(applied("json", Value::from(value.clone())).unwrap(), json);
            assert_eq!(applied("yaml", Value::from(value)).unwrap(), yaml);
        }
        assert_eq!(
            applied("trim|json", Value::from(json!(5))).unwrap(),
            r#""5""#
        );
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        let binary = || Value::Bytes(b"\xff".to_vec().into());
        for name in ["json", "yaml", "dotenv", "upper", "lower", "trim"] {
            assert_eq!(applied(name, binary()), Err(TransformError::NotText(name)));
        }
        let nul = || Value::from(json!("a\0b"));
        for name in ["shell", "dotenv"] {
            assert_eq!(applied(name, nul()), Err(TransformError::Nul(name)));
        }
        assert_eq!(applied("json|base64", nul()).unwrap(), "ImFcdTAwMDBiIg==");
        assert_eq!(
            applied("dotenv", Value::from(json!("a${b"))),
            Err(TransformError::Expandable)
        );
    }

    #[test]
    fn every_name_leads_to_itself() {
        for (name, transform) in TRANSFORMS {
            assert_eq!(
                (Transform::named(name), transform.name()),
                (Some(transform), name)
            );
        }
        assert!(TRANSFORMS.is_sorted_by_key(|(name, _)| *name));
    }
}
