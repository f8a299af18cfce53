//! Reads one value out of a field by the rules of `get_notation` (protocol 11.3).

use serde_json::Value as Json;

use crate::sensitive::SensitiveJson;
use crate::vault::advice;
use crate::vault::field::Field;
use crate::vault::inflate::{self, Lookup};
use crate::vault::notation::{Error, Pick};

/// `name` is the field's in the notation; `lookup` finds referenced addresses and cards.
pub(super) fn pick(
    field: &Field,
    name: &str,
    pick: &Pick,
    lookup: Lookup<'_, '_>,
) -> Result<Json, Error> {
    let inflated = inflate::field(field, lookup);
    let values = match inflated
        .as_ref()
        .map_or(field.value(), SensitiveJson::expose)
    {
        Json::Array(values) => values,
        // A value that is no list has no elements: the index does not count.
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
            advice: advice::element(name, values.len()),
        })
    };
    let member = |element: &Json, property: &str| member(name, element, property);
    match pick {
        Pick::All => Ok(Json::Array(values.clone())),
        Pick::Unindexed => element(0).cloned(),
        Pick::Element(index) => element(*index).cloned(),
        Pick::Member(index, property) => member(element(*index)?, property),
        // `get_notation` reads the first element only.
        Pick::EveryMember(property) => member(element(0)?, property),
    }
}

fn member(field: &str, element: &Json, property: &str) -> Result<Json, Error> {
    match element {
        Json::Object(members) => members.get(property).cloned(),
        _ => None,
    }
    .ok_or_else(|| Error::PropertyNotFound {
        property: property.to_owned(),
        advice: advice::member(field, element, property),
    })
}
