//! Reads one value out of a record: the rules of `get_notation` (protocol.md 11.3), which `secret notation`, `exec`
//! and templates follow.

use serde_json::Value as Json;

use super::{Error, Notation, Pick, Target, Value};
use crate::sensitive::SensitiveJson;
use crate::vault::attachment::Attachment;
use crate::vault::field::Field;
use crate::vault::inflate;
use crate::vault::record::Record;
use crate::vault::uid::RecordUid;

/// What a record holds at the place a notation names.
#[derive(Debug)]
pub enum Found<'r> {
    /// The answer.
    Value(Value),
    /// The attachment whose content is the answer, and the record it belongs to.
    File {
        /// The record.
        record: &'r Record,
        /// Its attachment.
        file: &'r Attachment,
    },
}

/// Answers `notation` from its `record`. Referenced addresses and cards are found with `lookup`.
pub fn resolve<'r>(
    notation: &Notation,
    record: &'r Record,
    lookup: &dyn Fn(&RecordUid) -> Option<&'r Record>,
) -> Result<Found<'r>, Error> {
    match &notation.target {
        Target::Type => Ok(text(record.kind())),
        Target::Title => Ok(text(record.title())),
        Target::Notes => Ok(record.notes().map_or(Found::Value(Value::Null), text)),
        Target::File(name) => Ok(Found::File {
            record,
            file: file(record, &notation.record, name)?,
        }),
        Target::Field {
            section,
            name,
            pick,
        } => {
            let field = record
                .field(*section, name)
                .ok_or_else(|| Error::FieldNotFound {
                    section: *section,
                    field: name.clone(),
                })?;
            let value = picked(field, name, pick, lookup)?;
            Ok(Found::Value(value.into()))
        }
    }
}

fn text(text: &str) -> Found<'static> {
    Found::Value(Value::Text(text.to_owned().into()))
}

/// The one attachment with this name, title or UID.
pub(super) fn file<'r>(
    record: &'r Record,
    asked: &str,
    file: &str,
) -> Result<&'r Attachment, Error> {
    if record.files().is_empty() {
        return Err(Error::NoFiles {
            record: asked.to_owned(),
        });
    }
    let matches: Vec<_> = record
        .files()
        .iter()
        .filter(|entry| {
            entry.name() == file || entry.title() == file || entry.uid().as_str() == file
        })
        .collect();
    match matches.as_slice() {
        [] => Err(Error::FileNotFound {
            record: asked.to_owned(),
            file: file.to_owned(),
        }),
        [only] => Ok(only),
        several => Err(Error::FileAmbiguous {
            record: asked.to_owned(),
            file: file.to_owned(),
            uids: several.iter().map(|entry| entry.uid().clone()).collect(),
        }),
    }
}

fn picked<'r>(
    field: &Field,
    name: &str,
    pick: &Pick,
    lookup: &dyn Fn(&RecordUid) -> Option<&'r Record>,
) -> Result<Json, Error> {
    let inflated = inflate::field(field, lookup);
    let values = match inflated
        .as_ref()
        .map_or(field.value(), SensitiveJson::expose)
    {
        Json::Array(values) => values,
        // A value that is no list is the answer, whatever the index.
        other => return Ok(other.clone()),
    };
    if values.is_empty() {
        return Ok(match pick {
            Pick::All => Json::Array(Vec::new()),
            _ => Json::Null,
        });
    }
    let element = |index| {
        values.get(index).ok_or_else(|| Error::IndexOutOfRange {
            index,
            field: name.to_owned(),
        })
    };
    match pick {
        Pick::All => Ok(Json::Array(values.clone())),
        Pick::Unsaid => element(0).cloned(),
        Pick::Element(index) => element(*index).cloned(),
        Pick::Member(index, property) => member(element(*index)?, property),
        // Of the first element only, in this reading.
        Pick::EveryMember(property) => member(element(0)?, property),
    }
}

fn member(element: &Json, property: &str) -> Result<Json, Error> {
    match element {
        Json::Object(members) => members.get(property).cloned(),
        _ => None,
    }
    .ok_or_else(|| Error::PropertyNotFound {
        property: property.to_owned(),
    })
}
