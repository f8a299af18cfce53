//! Records as JSON objects, and what of them differs from what a store has.

use serde_json::{Map, Value};

use crate::json;
use crate::sensitive::{Sensitive, SensitiveJson};
use crate::vault::field::Field;
use crate::vault::record::Record;
use crate::vault::section::FieldSection;

/// The member that keeps a text which stood where a JSON object was to be.
pub(super) const PRESERVED: &str = "_preserved_plaintext";

/// The JSON object that stands for a record, and the names of fields that it has several times.
pub(super) struct Document {
    pub(super) value: SensitiveJson,
    pub(super) doubled: Vec<String>,
}

/// All texts: standard fields by type, custom ones by label or type, without empty ones. Fields of one name are counted
/// from the second on: `NAME:2`.
pub(super) fn flattened(record: &Record) -> Document {
    let mut members = Map::new();
    let mut doubled = Vec::new();
    for section in FieldSection::ALL {
        for field in record.fields(section) {
            let name = match section {
                FieldSection::Standard => field.kind(),
                FieldSection::Custom => Some(field.name()),
            };
            let name = name.filter(|name| !name.is_empty());
            let (Some(name), Some(text)) = (name, text(field)) else {
                continue;
            };
            let mut free = name.to_owned();
            for count in 2_u32.. {
                if !members.contains_key(&free) {
                    break;
                }
                free = format!("{name}:{count}");
            }
            if free != name && !doubled.contains(&name.to_owned()) {
                doubled.push(name.to_owned());
            }
            members.insert(free, Value::String(text));
        }
    }
    Document {
        value: SensitiveJson::new(Value::Object(members)),
        doubled,
    }
}

/// The record as its owner's client wrote it.
pub(super) fn whole(record: &Record) -> Document {
    let members = record.raw().iter().map(|(name, raw)| {
        let value = json::value(raw.get().as_bytes()).unwrap_or_default();
        (name.to_owned(), value)
    });
    Document {
        value: SensitiveJson::new(Value::Object(members.collect())),
        doubled: Vec::new(),
    }
}

/// A single text as it is, everything else as JSON; nothing for what is empty.
fn text(field: &Field) -> Option<String> {
    match field.values() {
        [] | [Value::Null] => None,
        [Value::String(text)] if text.is_empty() && !field.value().is_array() => None,
        [Value::String(text)] => Some(text.clone()),
        [one] => Some(json::compact(one)),
        several => Some(json::compact(&several)),
    }
}

/// A stored text as a JSON object, if it is one.
pub(super) fn object(text: &Sensitive<String>) -> Option<SensitiveJson> {
    let value = json::value(text.expose().as_bytes()).ok()?;
    value.is_object().then(|| SensitiveJson::new(value))
}

pub(super) fn members(object: &SensitiveJson) -> Option<&Map<String, Value>> {
    object.expose().as_object()
}

/// Whether two objects are equal besides what was preserved.
pub(super) fn equal(one: &SensitiveJson, other: &SensitiveJson) -> bool {
    let (Some(one), Some(other)) = (members(one), members(other)) else {
        return false;
    };
    let within = |some: &Map<String, Value>, all: &Map<String, Value>| {
        let mut counted = some.iter().filter(|(name, _)| *name != PRESERVED);
        counted.all(|(name, value)| all.get(name) == Some(value))
    };
    within(one, other) && within(other, one)
}

/// `wanted` with what is preserved of `stored`.
pub(super) fn preserving(wanted: &SensitiveJson, stored: &Sensitive<String>) -> SensitiveJson {
    let mut members = members(wanted).cloned().unwrap_or_default();
    let kept = match object(stored) {
        Some(object) => object.expose().get(PRESERVED).cloned(),
        None if stored.expose().is_empty() => None,
        None => Some(Value::String(stored.expose().clone())),
    };
    if let Some(kept) = kept {
        members.insert(PRESERVED.to_owned(), kept);
    }
    SensitiveJson::new(Value::Object(members))
}

/// The text that is stored.
pub(super) fn stored(object: &SensitiveJson) -> Sensitive<String> {
    Sensitive::new(json::compact(object.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn a_record_becomes_an_object_of_texts() {
        let record = r#"{
            "title": "t", "type": "login", "notes": "n",
            "fields": [
                {"type": "login", "label": "user", "value": ["canary"]},
                {"type": "password", "value": []},
                {"type": "url", "value": ["a", "b"]},
                {"type": "url", "value": ["é"]},
                {"type": "checkbox", "value": [true]},
                {"type": "date", "value": [1700000000000]},
                {"value": ["nameless"]}
            ],
            "custom": [
                {"type": "text", "label": "user", "value": ["x"]},
                {"type": "text", "label": "", "value": ["y"]},
                {"type": "name", "value": [{"first": "J", "last": "ü"}]},
                {"type": "text", "label": "url", "value": ["c"]},
                {"type": "text", "label": "none", "value": [null]},
                {"type": "text", "label": "blank", "value": ""}
            ]
        }"#;
        let record = Record::from_json("U".into(), record.as_bytes()).unwrap();
        let Document { value, doubled } = flattened(&record);
        assert_eq!(
            json::line(value.expose()),
            concat!(
                r#"{"login": "canary", "url": "[\"a\",\"b\"]", "url:2": "\u00e9", "checkbox": "true", "#,
                r#""date": "1700000000000", "user": "x", "text": "y", "#,
                r#""name": "{\"first\":\"J\",\"last\":\"\\u00fc\"}", "url:3": "c"}"#
            )
        );
        assert_eq!(doubled, ["url"]);
        let names: Vec<_> = members(&whole(&record).value)
            .unwrap()
            .keys()
            .collect::<Vec<_>>()
            .into_iter()
            .cloned()
            .collect();
        assert_eq!(names, ["title", "type", "notes", "fields", "custom"]);
    }

    #[test]
    fn order_and_what_is_preserved_make_no_difference() {
        for (pair, expected) in cases(
            r#"{"a":1,"b":[2]} {"b":[2],"a":1} => true
               {"a":1} {"a":1,"_preserved_plaintext":"x"} => true
               {"a":1} {"a":2} => false
               {"a":1} {"a":1,"b":null} => false
               {"a":1} {} => false"#,
        ) {
            let (one, other) = pair.split_once(' ').unwrap();
            let read = |text: &str| object(&Sensitive::new(text.to_owned())).unwrap();
            assert_eq!(
                equal(&read(one), &read(other)).to_string(),
                expected,
                "{pair}"
            );
        }
    }

    #[test]
    fn a_text_in_the_way_is_preserved() {
        for (text, expected) in cases(
            r#"old => {"a":1,"_preserved_plaintext":"old"}
               5 => {"a":1,"_preserved_plaintext":"5"}
               {"b":2} => {"a":1}
               {"_preserved_plaintext":"x","b":2} => {"a":1,"_preserved_plaintext":"x"}"#,
        ) {
            let wanted = object(&Sensitive::new(r#"{"a":1}"#.to_owned())).unwrap();
            let kept = preserving(&wanted, &Sensitive::new(text.to_owned()));
            assert_eq!(stored(&kept).expose(), expected, "{text}");
        }
    }
}
