//! Puts the referenced address or card in the place of its UID (protocol 11.5).
//!
//! Pure functions over records already fetched; [`missing`] says which are still to be fetched. A card may lead to an
//! address and an address to nothing, so cycles of records do no harm.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::field::Field;
use super::record::Record;
use super::section::FieldSection;
use super::uid::{self, RecordUid};
use crate::sensitive::SensitiveJson;

/// Finds a record among those at hand.
pub type Lookup<'a, 'r> = &'a dyn Fn(&RecordUid) -> Option<&'r Record>;

/// The field types whose UIDs stand for another record's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReferenceKind {
    Address,
    Card,
}

impl ReferenceKind {
    fn of(kind: &str) -> Option<Self> {
        match kind {
            "addressRef" => Some(Self::Address),
            "cardRef" => Some(Self::Card),
            _ => None,
        }
    }

    /// The standard fields of the referenced record that make up the value, in order.
    fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Address => &["address"],
            Self::Card => &["paymentCard", "text", "pinCode", "addressRef"],
        }
    }
}

/// The values of a reference field as a list of what they refer to; references that `lookup` does not find are left
/// out. `None`: the field refers to nothing, its own values count.
pub fn field(field: &Field, lookup: Lookup<'_, '_>) -> Option<SensitiveJson> {
    let reference = ReferenceKind::of(field.kind()?)?;
    let values = field.value().as_array()?.iter();
    Some(SensitiveJson::new(
        values
            .filter_map(|uid| referenced(reference, uid, lookup))
            .collect(),
    ))
}

/// The records that [`field`] looks up: the field's own UIDs, and the addresses of those cards that `lookup` finds.
pub(super) fn references(field: &Field, lookup: Lookup<'_, '_>) -> Vec<RecordUid> {
    let Some(reference) = field.kind().and_then(ReferenceKind::of) else {
        return Vec::new();
    };
    let own: Vec<_> = field.values().iter().filter_map(uid).collect();
    let nested = own
        .iter()
        .filter(|_| reference == ReferenceKind::Card)
        .filter_map(lookup)
        .filter_map(|card| card.field(FieldSection::Standard, "addressRef"))
        .filter_map(|field| field.values().first().and_then(uid))
        .collect();
    [own, nested].concat()
}

/// The next step towards inflating `fields`: the records to ask for, each once and none of those `asked` for already.
/// Nothing is missing after two steps.
pub fn missing<'f>(
    fields: impl IntoIterator<Item = &'f Field>,
    lookup: Lookup<'_, '_>,
    asked: &HashSet<RecordUid>,
) -> Vec<RecordUid> {
    let fields = fields.into_iter();
    let mut seen = HashSet::new();
    let mut missing: Vec<_> = fields.flat_map(|field| references(field, lookup)).collect();
    missing.retain(|uid| lookup(uid).is_none() && !asked.contains(uid) && seen.insert(uid.clone()));
    missing
}

fn uid(value: &Value) -> Option<RecordUid> {
    value
        .as_str()
        .filter(|text| uid::has_form(text))
        .map(|text| RecordUid::from(text.to_owned()))
}

fn referenced(kind: ReferenceKind, value: &Value, lookup: Lookup<'_, '_>) -> Option<Value> {
    let record = lookup(&uid(value)?)?;
    let mut parts = kind.parts().iter().filter_map(|part| {
        let field = record.field(FieldSection::Standard, part)?;
        let value = field.values().first().filter(|value| !value.is_null())?;
        let value = match ReferenceKind::of(part) {
            Some(nested) => referenced(nested, value, lookup)?,
            None => value.clone(),
        };
        Some((field.name(), value))
    });
    // A single part is the value itself, several make an object.
    let (name, first) = parts.next()?;
    let Some(second) = parts.next() else {
        return Some(first);
    };
    let mut merged = Map::new();
    for (name, value) in [(name, first), second].into_iter().chain(parts) {
        match value {
            Value::Object(members) => merged.extend(members),
            value => {
                merged.insert(name.to_owned(), value);
            }
        }
    }
    Some(Value::Object(merged))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ADDRESS: &str = "AAAAAAAAAAAAAAAAAAAAAA";
    const CARD: &str = "CCCCCCCCCCCCCCCCCCCCCC";
    const OTHER: &str = "OOOOOOOOOOOOOOOOOOOOOO";

    fn record(uid: &str, fields: Value) -> Record {
        let plain = json!({"title": "t", "type": "any", "fields": fields}).to_string();
        Record::from_json(RecordUid::from(uid.to_owned()), plain.as_bytes()).unwrap()
    }

    /// Inflates the first field of the first record from all of them.
    fn inflated(records: &[Record]) -> Option<Value> {
        let lookup = |uid: &RecordUid| records.iter().find(|record| record.uid() == uid);
        let first = &records[0].fields(FieldSection::Standard)[0];
        field(first, &lookup).map(|values| values.expose().clone())
    }

    #[test]
    fn parts_are_put_together_in_order() {
        let address = json!({"type": "address", "value": [{"city": "canary-1"}]});
        let to = |kind: &str, uid: &str| json!({"type": kind, "value": [uid]});
        let pin = json!({"type": "pinCode", "value": ["canary-2"]});
        let holder = json!({"type": "text", "label": "Holder", "value": ["canary-3"]});
        let nameless = json!({"type": "text", "label": "", "value": ["canary-4"]});
        let number = json!({"type": "paymentCard", "value": [{"cardNumber": "canary-5"}]});
        let blank = json!({"type": "paymentCard", "value": [null]});
        // The fields of the referenced card, and the one value it comes to.
        let cases = [
            (json!([pin]), json!(["canary-2"])),
            (json!([blank, pin]), json!(["canary-2"])),
            (
                json!([pin, holder]),
                json!([{"Holder": "canary-3", "pinCode": "canary-2"}]),
            ),
            (
                json!([number, nameless, to("addressRef", ADDRESS)]),
                json!([{"cardNumber": "canary-5", "text": "canary-4", "city": "canary-1"}]),
            ),
            (
                json!([number, to("addressRef", OTHER)]),
                json!([{"cardNumber": "canary-5"}]),
            ),
            (json!([to("addressRef", CARD)]), json!([])),
            (json!([to("cardRef", CARD)]), json!([])),
            (json!([]), json!([])),
        ];
        for (fields, expected) in cases {
            let records = [
                record(OTHER, json!([to("cardRef", CARD)])),
                record(CARD, fields.clone()),
                record(ADDRESS, json!([address])),
            ];
            assert_eq!(inflated(&records), Some(expected), "{fields}");
        }
    }

    #[test]
    fn only_lists_of_known_references_change() {
        let cases = [
            (json!({"type": "fileRef", "value": [ADDRESS]}), None),
            (json!({"type": "addressRef", "value": ADDRESS}), None),
            (json!({"type": "addressRef"}), None),
            (json!({"value": [ADDRESS]}), None),
            (json!({"type": "addressRef", "value": []}), Some(json!([]))),
            (
                json!({"type": "addressRef", "value": [5, null, "short", OTHER]}),
                Some(json!([])),
            ),
        ];
        for (field, expected) in cases {
            let records = [
                record(CARD, json!([field])),
                record(ADDRESS, json!([{"type": "address", "value": ["canary"]}])),
            ];
            assert_eq!(inflated(&records), expected, "{field}");
        }
    }
}
