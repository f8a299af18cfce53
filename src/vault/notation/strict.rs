//! Reads a list of texts out of a record: the rules of `get_notation_results` (protocol.md 11.4). Field names match
//! exactly, two matches are an error, and references stay UIDs.

use serde_json::Value as Json;

use super::{Error, Notation, Pick, Target, resolve};
use crate::json;
use crate::sensitive::Sensitive;
use crate::vault::attachment::Attachment;
use crate::vault::field::Field;
use crate::vault::record::{Record, Section};

/// What a record holds at the place a notation names.
#[derive(Debug)]
pub enum Results<'r> {
    /// The answers; elements that are no strings as JSON.
    Texts(Vec<Sensitive<String>>),
    /// The attachment whose content, as U64, is the one answer.
    File(&'r Attachment),
}

/// Answers `notation` from its `record`.
pub fn results<'r>(notation: &Notation, record: &'r Record) -> Result<Results<'r>, Error> {
    let texts = match &notation.target {
        Target::Type => vec![record.kind().to_owned().into()],
        Target::Title => vec![record.title().to_owned().into()],
        Target::Notes => Vec::from_iter(record.notes().map(|notes| notes.to_owned().into())),
        Target::File(file) => {
            return resolve::file(record, &notation.record, file).map(Results::File);
        }
        Target::Field {
            section,
            name,
            pick,
        } => picked(only_field(record, *section, name)?, name, pick)?,
    };
    Ok(Results::Texts(texts))
}

fn only_field<'r>(record: &'r Record, section: Section, name: &str) -> Result<&'r Field, Error> {
    let mut matches = record
        .fields(section)
        .iter()
        .filter(|field| field.label() == Some(name) || field.kind() == Some(name));
    let field = name.to_owned();
    match (matches.next(), matches.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Error::FieldNotFound { section, field }),
        (Some(_), Some(_)) => Err(Error::FieldAmbiguous { section, field }),
    }
}

fn picked(field: &Field, name: &str, pick: &Pick) -> Result<Vec<Sensitive<String>>, Error> {
    // A value that is no list counts as an empty one.
    let values = field.value().as_array().map_or(&[][..], Vec::as_slice);
    let element = |index: usize| {
        values.get(index).ok_or_else(|| Error::IndexOutOfRange {
            index,
            field: name.to_owned(),
        })
    };
    Ok(match pick {
        Pick::Unsaid | Pick::All => values.iter().map(text).collect(),
        Pick::Element(index) => vec![text(element(*index)?)],
        Pick::Member(index, property) => {
            Vec::from_iter(element(*index)?.get(property.as_str()).map(text))
        }
        Pick::EveryMember(property) => values
            .iter()
            .filter_map(|value| value.get(property.as_str()).map(text))
            .collect(),
    })
}

fn text(value: &Json) -> Sensitive<String> {
    match value {
        Json::String(text) => text.clone(),
        value => json::line(value),
    }
    .into()
}
