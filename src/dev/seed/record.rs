//! One record of a seed file, with the members that describe it to the vault and the short spelling of fields.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use crate::codec;
use crate::json::{Exact, object_of};
use crate::vault::uid::has_form;

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Exact")]
pub struct RecordSeed {
    /// 22 characters of base64url; drawn at random when absent.
    pub uid: Option<String>,
    /// Whether the application may change the record, if its folder allows that.
    pub editable: bool,
    /// Whether a record in a folder is also shared by itself, and so arrives twice.
    pub shared_directly: bool,
    /// Added to the record's `fileRef` field.
    pub attachments: Vec<AttachmentSeed>,
    /// Sent on `requestLinks`.
    pub links: Vec<LinkSeed>,
    /// The JSON the vault keeps.
    pub document: Map<String, Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawAttachment")]
pub struct AttachmentSeed {
    /// 22 characters of base64url; drawn at random when absent.
    pub uid: Option<String>,
    /// Name, title, type, size and time (protocol 8.6).
    pub metadata: Value,
    pub content: Vec<u8>,
    pub thumbnail: Option<Vec<u8>>,
}

/// A link of a record to another, or to settings (protocol 9.7).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSeed {
    /// UID.
    pub record: String,
    /// `meta`, `ai_settings`, `jit_settings`, or none.
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default, deserialize_with = "data")]
    pub data: Option<Value>,
    /// Whether the record's key encrypts `data`.
    #[serde(default)]
    pub encrypted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAttachment {
    name: String,
    #[serde(default, deserialize_with = "uid")]
    uid: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    /// Milliseconds since 1970.
    #[serde(default)]
    last_modified: i64,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    base64: Option<String>,
    #[serde(default)]
    thumbnail: Option<String>,
}

#[derive(Deserialize)]
struct Description {
    #[serde(default, deserialize_with = "uid")]
    uid: Option<String>,
    #[serde(default = "yes")]
    editable: bool,
    #[serde(default)]
    shared_directly: bool,
    #[serde(default, deserialize_with = "attachments")]
    attachments: Vec<AttachmentSeed>,
    #[serde(default, deserialize_with = "links")]
    links: Vec<LinkSeed>,
}

const DESCRIPTION: [&str; 5] = ["uid", "editable", "shared_directly", "attachments", "links"];

impl RecordSeed {
    /// The UIDs of the record and of its files, as far as they are given.
    pub(super) fn uids(&self) -> impl Iterator<Item = &str> {
        let files = self.attachments.iter().map(|file| &file.uid);
        std::iter::once(&self.uid)
            .chain(files)
            .filter_map(Option::as_deref)
    }
}

impl TryFrom<Exact> for RecordSeed {
    type Error = serde_json::Error;

    fn try_from(Exact(record): Exact) -> Result<Self, Self::Error> {
        match record {
            Value::Object(members) => members.try_into(),
            _ => Err(Self::Error::custom("a record is an object")),
        }
    }
}

impl TryFrom<Map<String, Value>> for RecordSeed {
    type Error = serde_json::Error;

    fn try_from(members: Map<String, Value>) -> Result<Self, Self::Error> {
        let (description, mut document): (Map<_, _>, Map<_, _>) = members
            .into_iter()
            .partition(|(name, _)| DESCRIPTION.contains(&name.as_str()));
        let Some(Value::String(title)) = document.get("title") else {
            return Err(Self::Error::custom("a record needs a text as its `title`"));
        };
        let title = title.clone();
        let description: Description = object_of(Value::Object(description))
            .map_err(|error| Self::Error::custom(format!("record `{title}`: {error}")))?;
        document.entry("type").or_insert_with(|| json!("login"));
        for (list, spell) in [("fields", standard as fn(_, _) -> _), ("custom", custom)] {
            let fields = document.entry(list).or_insert_with(|| json!([]));
            match fields.take() {
                Value::Object(short) => {
                    *fields = short
                        .into_iter()
                        .map(|(name, value)| spell(name, listed(value)))
                        .collect();
                }
                Value::Array(long) if long.iter().any(is_short) => {
                    return Err(Self::Error::custom(format!(
                        "record `{title}`: an element of `{list}` has no `type`; `{list}: {{login: ada}}` is the short form"
                    )));
                }
                long @ (Value::Array(_) | Value::Null) => *fields = long,
                _ => {
                    return Err(Self::Error::custom(format!(
                        "record `{title}`: `{list}` is neither a list of fields nor `type: value`"
                    )));
                }
            }
        }
        Ok(Self {
            uid: description.uid,
            editable: description.editable,
            shared_directly: description.shared_directly,
            attachments: description.attachments,
            links: description.links,
            document,
        })
    }
}

/// Whether `field` is `type: value`, which would be no field as an element of a list.
fn is_short(field: &Value) -> bool {
    let members = field.as_object().filter(|members| members.len() == 1);
    let name = members.and_then(|members| members.keys().next());
    name.is_some_and(|name| !["type", "label", "value"].contains(&name.as_str()))
}

fn standard(kind: String, value: Value) -> Value {
    json!({"type": kind, "value": value})
}

fn custom(label: String, value: Value) -> Value {
    json!({"type": "text", "label": label, "value": value})
}

/// A field's value is a list (protocol 10); a single element may stand for it.
fn listed(value: Value) -> Value {
    match value {
        Value::Array(_) => value,
        Value::Null => json!([]),
        one => json!([one]),
    }
}

impl TryFrom<RawAttachment> for AttachmentSeed {
    type Error = String;

    fn try_from(raw: RawAttachment) -> Result<Self, String> {
        let name = &raw.name;
        let decode = |member: &str, text: &str| {
            codec::decode(text).map_err(|error| format!("attachment `{name}`: `{member}`: {error}"))
        };
        let content = match (&raw.text, &raw.base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(base64)) => decode("base64", base64)?,
            _ => {
                return Err(format!(
                    "attachment `{name}`: give either `text` or `base64`"
                ));
            }
        };
        let thumbnail = raw
            .thumbnail
            .as_deref()
            .map(|text| decode("thumbnail", text))
            .transpose()?;
        let unknown = if raw.text.is_some() {
            "text/plain"
        } else {
            "application/octet-stream"
        };
        Ok(Self {
            metadata: json!({
                "name": name,
                "title": raw.title.as_deref().unwrap_or(name),
                "type": raw.kind.as_deref().unwrap_or(unknown),
                "size": content.len(),
                "lastModified": raw.last_modified,
            }),
            uid: raw.uid,
            content,
            thumbnail,
        })
    }
}

pub(super) fn uid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let uid: Option<String> = Option::deserialize(deserializer)?;
    match uid {
        Some(uid) if !has_form(&uid) => Err(D::Error::custom(
            "a `uid` is 22 characters of A-Z a-z 0-9 - _",
        )),
        uid => Ok(uid),
    }
}

fn attachments<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<AttachmentSeed>, D::Error> {
    super::each("attachment", from)
}

fn links<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<LinkSeed>, D::Error> {
    super::each("link", from)
}

fn data<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    let data = Option::<Exact>::deserialize(from)?;
    Ok(data.map(|Exact(value)| value))
}

pub(super) fn yes() -> bool {
    true
}
