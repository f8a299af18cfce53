//! The files of records of `secret add file` (compatibility 9.2).

use super::field_input::{FieldContent, FieldInput};
use super::record_builder::{FieldError, RecordBuilder};
use super::{RecordTypes, UnknownType, field_type};
use crate::document::Node;
use crate::vault::record::FieldSection;

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
    #[error("{place}: {source}")]
    Unknown { place: String, source: UnknownType },
    #[error("{place}: {source}")]
    Field { place: String, source: FieldError },
}

pub fn read(document: &Node) -> Result<Vec<RecordSpec>, Error> {
    for (name, wanted) in [("version", "v3"), ("kind", "KeeperRecord")] {
        if document.get(name).and_then(Node::spelling) != Some(wanted) {
            return Err(Error::Missing(format!(".{name} is not '{wanted}'")));
        }
    }
    let items = list(document, &["data"], ".data[]")?;
    let items = items.ok_or_else(|| Error::Missing(".data[] is missing".into()))?;
    items
        .iter()
        .enumerate()
        .map(|(at, item)| record(item, &format!(".data[{at}]")))
        .collect()
}

fn record(item: &Node, place: &str) -> Result<RecordSpec, Error> {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| item.get(name));
        let text = found.and_then(Node::spelling).map(str::to_owned);
        text.filter(|text| !text.is_empty())
    };
    let missing = |name: &str| Error::Missing(format!("{place}.{name} is missing or blank"));
    let mut spec = RecordSpec {
        kind: text(&["recordType", "record_type"]).ok_or_else(|| missing("recordType"))?,
        title: text(&["title"]).ok_or_else(|| missing("title"))?,
        notes: text(&["notes"]),
        fields: Vec::new(),
    };
    let fields = list(item, &["fields"], &format!("{place}.fields[]"))?;
    let fields = fields.ok_or_else(|| Error::Missing(format!("{place}.fields[] is missing")))?;
    let custom = list(
        item,
        // `custom` is the name in `secret get --json`.
        &["customFields", "custom_fields", "custom"],
        &format!("{place}.customFields[]"),
    )?;
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
    let text = |name: &str| item.get(name).and_then(Node::spelling);
    let kind = text("type").ok_or_else(|| Error::Missing(format!("{place}.type is missing")))?;
    let label = text("label").filter(|label| !label.is_empty());
    Ok(FieldInput {
        section,
        kind: field_type(kind).map_err(|source| Error::Unknown { place, source })?,
        label: label.map(str::to_owned),
        content: FieldContent::Node(item.get("value").cloned().unwrap_or(Node::Null)),
    })
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
