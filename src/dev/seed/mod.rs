//! Seed files: the plain text that the development vault starts with. `sample.yaml` documents the format by example.
//!
//! A record is written as the JSON the vault keeps (protocol 10), member by member. The members `uid`, `editable`,
//! `shared_directly`, `attachments` and `links` describe the record to the vault and are no part of that JSON. Fields may
//! be written short, as `type: value`.

mod record;

use std::collections::HashSet;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use record::{uid, yes};

use crate::document::{self, Node};
use crate::json::{self, Exact};

pub use record::{AttachmentSeed, LinkSeed, RecordSeed};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    #[serde(default = "application", deserialize_with = "text")]
    pub application: String,
    /// Sent with every `get_secret`.
    #[serde(default, deserialize_with = "texts")]
    pub warnings: Vec<String>,
    /// The end of the devices' access, in milliseconds since 1970; absent: never.
    #[serde(default)]
    pub expires_on: Option<i64>,
    #[serde(default, deserialize_with = "folders")]
    pub folders: Vec<FolderSeed>,
    /// Records shared directly with the application.
    #[serde(default, deserialize_with = "records")]
    pub records: Vec<RecordSeed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSeed {
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// 22 characters of base64url; drawn at random when absent.
    #[serde(default, deserialize_with = "uid")]
    pub uid: Option<String>,
    /// Whether the application may write here; a sub folder also needs its parents' leave.
    #[serde(default = "yes")]
    pub editable: bool,
    #[serde(default, deserialize_with = "records")]
    pub records: Vec<RecordSeed>,
    #[serde(default, deserialize_with = "folders")]
    pub folders: Vec<FolderSeed>,
}

/// The source says where the mistake is, and quotes no value.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the seed is not understood")]
    Malformed(#[source] serde_json::Error),
    #[error("two things in the seed have the `uid` {0}")]
    Twice(String),
}

impl Seed {
    /// The built-in vault: a web login, a database, an SSH key pair, an API key, a TOTP and an attachment.
    pub fn sample() -> Result<Self, Error> {
        Self::parse(include_str!("../sample.yaml"))
    }

    pub fn empty() -> Self {
        Self {
            application: application(),
            warnings: Vec::new(),
            expires_on: None,
            folders: Vec::new(),
            records: Vec::new(),
        }
    }

    /// Reads a seed; a text that starts with `{` is JSON, any other YAML.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let seed = match text.trim_start().starts_with('{') {
            true => json::object(text.as_bytes()),
            false => Self::from_yaml(text),
        };
        let seed = seed.map_err(|error| Error::Malformed(without_value(&error)))?;
        seed.check_uids()?;
        Ok(seed)
    }

    fn from_yaml(text: &str) -> Result<Self, serde_json::Error> {
        let document = Node::from_typed_yaml(text).map_err(|error| match error {
            document::Error::Yaml {
                row,
                column,
                reason,
            } => {
                let error = format!("{reason} at line {row}, column {column}");
                serde_json::Error::custom(error)
            }
            other => serde_json::Error::custom(other),
        })?;
        match document.is_empty() {
            true => Ok(Self::empty()),
            false => json::object_of(document.to_json()),
        }
    }

    fn check_uids(&self) -> Result<(), Error> {
        let mut seen = HashSet::new();
        let mut folders: Vec<_> = self.folders.iter().collect();
        let mut uids: Vec<_> = self.records.iter().flat_map(RecordSeed::uids).collect();
        while let Some(folder) = folders.pop() {
            folders.extend(&folder.folders);
            uids.extend(folder.uid.as_deref());
            uids.extend(folder.records.iter().flat_map(RecordSeed::uids));
        }
        match uids.into_iter().find(|uid| !seen.insert(*uid)) {
            Some(uid) => Err(Error::Twice(uid.to_owned())),
            None => Ok(()),
        }
    }
}

/// Numbers and truth values as texts too, since YAML does not tell a name such as `2024` from a number.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    spelled(Exact::deserialize(deserializer)?.0)
}

fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let values = Vec::<Exact>::deserialize(deserializer)?;
    values
        .into_iter()
        .map(|Exact(value)| spelled(value))
        .collect()
}

fn spelled<E: serde::de::Error>(value: Value) -> Result<String, E> {
    match value {
        Value::String(text) => Ok(text),
        scalar @ (Value::Number(_) | Value::Bool(_)) => Ok(scalar.to_string()),
        _ => Err(E::custom("expected a text")),
    }
}

fn folders<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<FolderSeed>, D::Error> {
    each("folder", deserializer)
}

fn records<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RecordSeed>, D::Error> {
    each("record", deserializer)
}

/// An error names the place in the list, counted from 1.
pub(super) fn each<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    what: &str,
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let items = Vec::<Exact>::deserialize(deserializer)?.into_iter();
    let read = |(at, Exact(item))| {
        json::object_of(item)
            .map_err(|error| D::Error::custom(format!("{what} {}: {error}", at + 1)))
    };
    items.enumerate().map(read).collect()
}

/// Serde's `invalid type: string "secret", expected a sequence` quotes the value.
fn without_value(error: &serde_json::Error) -> serde_json::Error {
    let text = error.to_string();
    let shortened = text
        .split_once("invalid type: ")
        .or_else(|| text.split_once("invalid value: "))
        .and_then(|(before, rest)| Some((before, rest.rsplit_once(", expected ")?.1)));
    serde_json::Error::custom(match shortened {
        Some((before, expected)) => format!("{before}expected {expected}"),
        None => text,
    })
}

fn application() -> String {
    "Development".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_and_json_say_the_same() {
        let yaml = "records:\n- {title: A, fields: {password: '007', pinCode: 007, login: yes}}";
        let json = r#"{"records": [{"title": "A", "fields": {"password": "007", "pinCode": "007", "login": "yes"}}]}"#;
        for text in [yaml, json] {
            let seed = Seed::parse(text).unwrap();
            assert_eq!(
                seed.records[0].document,
                json!({
                    "title": "A",
                    "type": "login",
                    "fields": [
                        {"type": "password", "value": ["007"]},
                        {"type": "pinCode", "value": ["007"]},
                        {"type": "login", "value": ["yes"]},
                    ],
                    "custom": [],
                })
                .as_object()
                .unwrap()
                .clone(),
                "{text}"
            );
        }
    }

    #[test]
    fn numbers_are_texts_where_texts_belong() {
        let seed = "application: 5\nwarnings: [a, 5, true]\nfolders: [{name: 2024}]";
        let seed = Seed::parse(seed).unwrap();
        assert_eq!(seed.application, "5");
        assert_eq!(seed.warnings, ["a", "5", "true"]);
        assert_eq!(seed.folders[0].name, "2024");
    }
}
