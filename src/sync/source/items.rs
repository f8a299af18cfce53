//! Values and records as items for a store.

use std::collections::HashMap;

use super::question::{Form, Origin, Problems, Question, Unresolved};
use crate::foreign::Text;
use crate::json;
use crate::sensitive::Sensitive;
use crate::sync::documents::{self, Document};
use crate::sync::entries;
use crate::sync::maps::{Map, Place};
use crate::sync::plan::{Item, Source};
use crate::vault::notation::{self, Value};
use crate::vault::{Kind, Record};

/// An item for each record. Fails for titles that make no name, and for names that are there already.
pub(super) fn of_records(
    question: &Question,
    records: &[(&Record, Origin)],
    log: &mut Vec<String>,
) -> Result<Vec<Item>, Unresolved> {
    let rules = &question.kind.traits().names;
    let (mut wrong, mut doubled) = (Vec::new(), Vec::new());
    let mut taken: HashMap<String, String> = HashMap::new();
    for map in &question.maps {
        let by = format!("--map '{}'", Text::from(&map.key));
        taken.insert(rules.identity(&map.place.name), by);
    }
    let mut items = Vec::new();
    for (record, origin) in records {
        let called = format!("'{}' (UID: {})", Text::from(record.title()), record.uid());
        let title = record.title().trim_start_matches('/');
        let checked = match title.split('/').any(|part| part == "..") {
            true => Err(
                "title contains '..' path segment, which is not allowed with --prefix".to_owned(),
            ),
            false => rules
                .derive(&question.prefix, title)
                .map_err(|error| error.to_string()),
        };
        let name = match checked {
            Ok(name) => name,
            Err(error) => {
                wrong.push((Kind::Ambiguous, format!("{called}: {error}")));
                continue;
            }
        };
        if let Some(other) = taken.insert(rules.identity(&name), called.clone()) {
            let line = format!("secret name '{name}' maps to both {other} and {called}");
            doubled.push((Kind::Ambiguous, line));
            continue;
        }
        let mut add = |key: String, member, source| {
            items.push(Item {
                key,
                origin: format!("{}:{}", origin.word(), record.uid()),
                place: Place {
                    name: name.clone(),
                    member,
                },
                source,
            });
        };
        if let Some(rules) = &question.kind.traits().entries {
            match entries::of(record, rules) {
                Ok(found) => {
                    for (entry, text) in found {
                        add(format!("{name}+{entry}"), Some(entry), Source::Text(text));
                    }
                }
                Err(error) => wrong.push((Kind::Ambiguous, format!("{called}: {error}"))),
            }
            continue;
        }
        let Document { value, doubled } = match question.form {
            Form::Flattened => documents::flattened(record),
            Form::Whole => documents::whole(record),
        };
        if !doubled.is_empty() {
            let names = doubled.iter().map(|name| format!("'{}'", Text::from(name)));
            log.push(format!(
                "Duplicate keys found in record '{}': {} - added suffixes (:2, :3, etc.)",
                Text::from(record.title()),
                names.collect::<Vec<_>>().join(", ")
            ));
        }
        add(name.to_string(), None, Source::Document(value));
    }
    let mut problems = Problems::default();
    problems.add(&format!("{} validation errors:", rules.called), wrong);
    problems.add("Duplicate secret names after conversion:", doubled);
    problems.check()?;
    Ok(items)
}

pub(super) fn of_map(
    map: &Map,
    value: Result<Value, notation::Error>,
    log: &mut Vec<String>,
) -> Item {
    let source = match value {
        Ok(value) => source(value),
        Err(error) if lacks_record_or_field(&error) => {
            log.push(format!(
                "The vault has no value for key={}: {}",
                Text::from(&map.key),
                error.advised()
            ));
            Source::Missing
        }
        Err(error) => Source::Unusable(error.to_string()),
    };
    Item {
        key: map.key.clone(),
        origin: map.typed.clone(),
        place: map.place.clone(),
        source,
    }
}

fn source(value: Value) -> Source {
    match value {
        Value::Null => Source::Missing,
        Value::Text(text) => Source::Text(text),
        Value::Json(value) => Source::Text(Sensitive::new(json::line(value.expose()))),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes.expose()) {
            Ok(text) => Source::Text(Sensitive::new(text.to_owned())),
            Err(_) => Source::Unusable("the attachment is no text in UTF-8".to_owned()),
        },
    }
}

/// An index or a member that is not there may be a mistake in the notation, so its destination stays.
fn lacks_record_or_field(error: &notation::Error) -> bool {
    match error {
        notation::Error::Select { error, .. } => error.kind() == Kind::Missing,
        notation::Error::FieldNotFound { .. } => true,
        notation::Error::Damaged { .. }
        | notation::Error::IndexOutOfRange { .. }
        | notation::Error::PropertyNotFound { .. } => false,
    }
}
