//! The transforms: what a reference can ask to be done to its value. A new one is a row of the table.

use std::fmt;

use md5::{Digest, Md5};
use serde_json::Value as Json;
use sha2::Sha256;

use super::quote::{self, TransformError};
use crate::codec::{self, Case};
use crate::foreign::Text;
use crate::json;
use crate::vault::notation::Value;

pub struct Transform {
    /// As a template spells it.
    pub name: &'static str,
    pub quoting: Quoting,
    function: Function,
}

/// Whether the result carries quotes or escapes of its own, so that no quotes belong around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    None,
    /// For a shell, or for a reader that is none.
    Complete,
    /// For dotenv readers; a shell still acts on `$` and backticks in the double-quoted form.
    Dotenv,
}

enum Function {
    Bytes(fn(&[u8]) -> Result<Vec<u8>, TransformError>),
    /// Fails for values that are not UTF-8.
    Text(fn(&str) -> Result<String, TransformError>),
    /// Gets a text as a JSON string, and the vault's numbers, lists and objects as they are.
    Json(fn(&Json) -> String),
}

const fn row(name: &'static str, quoting: Quoting, function: Function) -> Transform {
    Transform {
        name,
        quoting,
        function,
    }
}

/// By name, in alphabetical order.
static TRANSFORMS: [Transform; 13] = {
    use Function::{Bytes, Json, Text};
    use Quoting::{Complete, Dotenv, None};
    [
        row(
            "base64",
            None,
            Bytes(|bytes| Ok(codec::encode(bytes).into())),
        ),
        row(
            "base64url",
            None,
            Bytes(|bytes| Ok(codec::encode_url(bytes).into())),
        ),
        row("dotenv", Dotenv, Text(quote::dotenv)),
        row("json", Complete, Json(json::line)),
        row("lower", None, Text(|text| Ok(text.to_lowercase()))),
        row(
            "md5",
            None,
            Bytes(|bytes| Ok(codec::encode_hex(&Md5::digest(bytes)).into())),
        ),
        row(
            "sha256",
            None,
            Bytes(|bytes| Ok(codec::encode_hex(&Sha256::digest(bytes)).into())),
        ),
        row("shell", Complete, Bytes(quote::shell)),
        row("trim", None, Text(|text| Ok(text.trim().to_owned()))),
        row("upper", None, Text(|text| Ok(text.to_uppercase()))),
        row(
            "urlencode",
            None,
            Bytes(|bytes| Ok(codec::encode_percent(bytes, b"-._~/", Case::Upper).into())),
        ),
        row(
            "urlencodeplus",
            None,
            Bytes(|bytes| {
                let encoded = codec::encode_percent(bytes, b"-._~ ", Case::Upper);
                Ok(encoded.replace(' ', "+").into())
            }),
        ),
        row("yaml", Complete, Json(json::yaml)),
    ]
};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Unknown transform '{}' in {}", Text::from(.name), Text::from(.token))]
pub struct UnknownTransform {
    pub name: String,
    /// The whole reference.
    pub token: String,
    /// Counted from 1.
    pub line: usize,
}

impl Transform {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        TRANSFORMS.iter().find(|transform| transform.name == name)
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        TRANSFORMS.iter().map(|transform| transform.name)
    }

    pub(super) fn apply(&self, value: Value) -> Result<Value, TransformError> {
        let bytes = match (&self.function, value) {
            (Function::Json(write), Value::Json(json)) => {
                return Ok(Value::Text(write(json.expose()).into()));
            }
            (_, value) => value.into_bytes(),
        };
        let bytes = bytes.expose();
        let text = || str::from_utf8(bytes).map_err(|_| TransformError::NotText(self.name));
        Ok(match self.function {
            Function::Bytes(change) => Value::Bytes(change(bytes)?.into()),
            Function::Text(change) => Value::Text(change(text()?)?.into()),
            Function::Json(write) => Value::Text(write(&Json::from(text()?)).into()),
        })
    }
}

impl fmt::Debug for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
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
        Ok(String::from_utf8(changed?.into_bytes().expose().to_vec()).unwrap())
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
    fn names_are_unique_and_sorted() {
        let names: Vec<_> = Transform::names().collect();
        assert!(names.is_sorted_by(|a, b| a < b));
    }
}
