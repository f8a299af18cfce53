//! The files of records of `secret add file` (compatibility 9.2).

use super::field_input::{FieldContent, FieldInput};
use super::record_builder::{FieldError, RecordBuilder};
use super::{RecordTypes, UnknownType, field_type};
use crate::document::{Node, quotable};
use crate::suggest::{self, STRICT};
use crate::vault::section::FieldSection;

const FILE: &[&str] = &["version", "kind", "data"];
const KIND: &[&str] = &["recordType", "record_type"];
/// `custom` is the name in `secret get --json`.
const CUSTOM: &[&str] = &["customFields", "custom_fields", "custom"];
/// The last four are those of templates, and count for nothing.
const FIELD: &[&str] = &[
    "type",
    "label",
    "value",
    "privacyScreen",
    "required",
    "enforceGeneration",
    "complexity",
];

/// A record of the file, before its type checks the fields.
#[derive(Debug)]
pub struct RecordSpec {
    pub kind: String,
    pub title: String,
    pub notes: Option<String>,
    /// Each with its place in the file.
    fields: Vec<(String, FieldInput)>,
}

/// Places are written as in `.data[0].title`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Missing(String),
    #[error("{place} has a member `{name}`, which is none of {known}")]
    Member {
        place: String,
        name: String,
        known: String,
        suggestion: Option<String>,
    },
    #[error("{0} stands there twice")]
    Twice(String),
    #[error("{place}: {source}")]
    Unknown { place: String, source: UnknownType },
    #[error("{place}: {source}")]
    Field { place: String, source: FieldError },
}

pub fn read(document: &Node) -> Result<Vec<RecordSpec>, Error> {
    if let Some(place) = document.repeated() {
        return Err(Error::Twice(place));
    }
    for (name, wanted) in [("version", "v3"), ("kind", "KeeperRecord")] {
        if document.get(name).and_then(Node::spelling) != Some(wanted) {
            return Err(Error::Missing(format!(".{name} is not '{wanted}'")));
        }
    }
    check_members(document, &[FILE], "the file")?;
    let items = list(document, &["data"], ".data[]")?;
    let items = items.ok_or_else(|| Error::Missing(".data[] is missing".into()))?;
    items
        .iter()
        .enumerate()
        .map(|(at, item)| record(item, &format!(".data[{at}]")))
        .collect()
}

fn record(item: &Node, place: &str) -> Result<RecordSpec, Error> {
    check_members(item, &[KIND, &["title", "notes", "fields"], CUSTOM], place)?;
    for names in [KIND, CUSTOM] {
        let mut given = names.iter().filter(|name| item.get(name).is_some());
        if let (Some(first), Some(other)) = (given.next(), given.next()) {
            return Err(Error::Twice(format!("{place}.{first}, once as `{other}`,")));
        }
    }
    let filled = |names: &[&str], name: &str| {
        let given = text(item, names, place)?.filter(|text| !text.trim().is_empty());
        given.ok_or_else(|| Error::Missing(format!("{place}.{name} is missing or blank")))
    };
    let mut spec = RecordSpec {
        kind: filled(KIND, "recordType")?,
        title: filled(&["title"], "title")?,
        notes: text(item, &["notes"], place)?,
        fields: Vec::new(),
    };
    let fields = list(item, &["fields"], &format!("{place}.fields[]"))?;
    let fields = fields.ok_or_else(|| Error::Missing(format!("{place}.fields[] is missing")))?;
    let custom = list(item, CUSTOM, &format!("{place}.customFields[]"))?;
    for (section, name, items) in [
        (FieldSection::Standard, "fields", fields),
        (
            FieldSection::Custom,
            "customFields",
            custom.unwrap_or_default(),
        ),
    ] {
        for (at, item) in items.iter().enumerate() {
            let place = format!("{place}.{name}[{at}]");
            spec.fields
                .push((place.clone(), field(item, section, place)?));
        }
    }
    Ok(spec)
}

fn field(item: &Node, section: FieldSection, place: String) -> Result<FieldInput, Error> {
    check_members(item, &[FIELD], &place)?;
    let kind = text(item, &["type"], &place)?;
    let kind = kind.ok_or_else(|| Error::Missing(format!("{place}.type is missing")))?;
    Ok(FieldInput {
        section,
        label: text(item, &["label"], &place)?,
        kind: field_type(&kind).map_err(|source| Error::Unknown { place, source })?,
        content: FieldContent::Node(item.get("value").cloned().unwrap_or(Node::Null)),
    })
}

/// Refuses a member that would be lost.
fn check_members(node: &Node, known: &[&[&str]], place: &str) -> Result<(), Error> {
    let Node::Object(members) = node else {
        return Ok(());
    };
    let known = known.concat();
    match members.iter().find(|(name, _)| !known.contains(&&**name)) {
        None => Ok(()),
        Some((name, _)) => Err(Error::Member {
            place: place.to_owned(),
            name: quotable(name).to_owned(),
            suggestion: suggest::closest(name, known.iter().copied(), STRICT),
            known: known.join(", "),
        }),
    }
}

/// The text with one of these names, unless it is empty.
fn text(node: &Node, names: &[&str], place: &str) -> Result<Option<String>, Error> {
    for name in names {
        match node.get(name) {
            None | Some(Node::Null) => {}
            Some(Node::List(_) | Node::Object(_)) => {
                let message = format!("{place}.{name} is a list or an object, and not a text");
                return Err(Error::Missing(message));
            }
            Some(Node::Text(text) | Node::Bare(text)) => {
                let text = text.expose().clone();
                return Ok(Some(text).filter(|text| !text.is_empty()));
            }
        }
    }
    Ok(None)
}

/// The list with one of these names.
fn list<'n>(node: &'n Node, names: &[&str], place: &str) -> Result<Option<&'n [Node]>, Error> {
    match names.iter().find_map(|name| node.get(name)) {
        None | Some(Node::Null) => Ok(None),
        Some(Node::List(items)) => Ok(Some(items)),
        Some(_) => Err(Error::Missing(format!("{place} is not an array"))),
    }
}

impl RecordSpec {
    /// Standard fields without a value are skipped, even if the record type lacks them.
    pub fn build(&self, types: &RecordTypes) -> Result<RecordBuilder, Error> {
        let unknown = |source| Error::Unknown {
            place: "recordType".into(),
            source,
        };
        let kind = types.get(&self.kind).map_err(unknown)?;
        let mut builder = RecordBuilder::new(kind).map_err(unknown)?;
        for (place, given) in &self.fields {
            if given.section == FieldSection::Standard && given.says_nothing() {
                continue;
            }
            builder.fill(given.clone()).map_err(|source| Error::Field {
                place: place.clone(),
                source,
            })?;
        }
        Ok(builder)
    }
}
