//! Texts and JSON of the command line as values of a field, by the field's type.

use std::slice;

use ksm::json;
use ksm::schema::argument::{cut, is_called};
use ksm::schema::{self, FieldType, ValueShape};
use ksm::sensitive::{Sensitive, SensitiveJson};
use ksm::vault::field::Field;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::failure::{Failure, Result};

/// A text is its own value, unless the field's type is known to hold something else than texts.
pub(super) fn text(kind: Option<&str>, name: &str, text: &str) -> Result<Vec<Value>> {
    let Some(kind) = known(kind) else {
        return Ok(vec![text.into()]);
    };
    match kind.shape {
        // As in the official CLI the text itself is stored, also if it is empty.
        ValueShape::Text { .. } => {
            if !text.is_empty() {
                kind.values_of_text(text, None)?;
            }
            Ok(vec![text.into()])
        }
        ValueShape::Object { .. } if !text.trim_start().starts_with(['{', '[']) => {
            Err(no_text(name))
        }
        _ => {
            let values = kind.values_of_text(text, None)?;
            Ok(values.iter().map(|value| value.expose().clone()).collect())
        }
    }
}

/// A list gives its items, other JSON is the only value. The spelling is kept.
pub(super) fn json(kind: Option<&str>, name: &str, text: &str) -> Result<Vec<Box<RawValue>>> {
    let invalid = |_| Failure::usage(format!("The value is not valid JSON for {name}"));
    let value = json::value(text.as_bytes()).map_err(invalid)?;
    let values: Vec<Box<RawValue>> = if value.is_array() {
        serde_json::from_str(text).map_err(invalid)?
    } else {
        vec![serde_json::from_str(text).map_err(invalid)?]
    };
    let Some(kind) = known(kind) else {
        return Ok(values);
    };
    let is_object = kind.is_object();
    if is_object && values.iter().any(|value| !value.get().starts_with('{')) {
        return Err(no_text(name));
    }
    let takes_any = is_object || matches!(kind.shape, ValueShape::List);
    if !takes_any
        && values
            .iter()
            .any(|value| value.get().starts_with(['{', '[']))
    {
        let message =
            format!("the field {name} holds texts or numbers, and not a list or an object");
        return Err(Failure::usage(message));
    }
    Ok(values)
}

/// Tells of members that neither the type of a field has, nor its value up to now.
pub(super) fn unknown_members(given: &Sensitive<String>, fields: &[Field]) -> Vec<String> {
    let Ok((name, text)) = cut(given.expose(), fields) else {
        return Vec::new();
    };
    let field = fields.iter().find(|field| is_called(field, name));
    // The name of a field to be added begins with its type.
    let kind = field.map_or(name.split('[').next(), Field::kind);
    let Some((kind, value)) = known(kind).zip(json::value(text.as_bytes()).ok()) else {
        return Vec::new();
    };
    let value = SensitiveJson::new(value);
    let values = match value.expose() {
        Value::Array(values) => values.as_slice(),
        value => slice::from_ref(value),
    };
    let is_new = |name: &str| {
        let mut old = field.into_iter().flat_map(Field::values);
        old.all(|value| value.get(name).is_none())
    };
    let unknown = values.iter().flat_map(|value| kind.unknown_members(value));
    let unknown = unknown.filter(|(name, _)| is_new(name));
    unknown
        .map(|(_, error)| match &error.suggestion {
            Some(meant) => format!("{error} (did you mean `{meant}`?)"),
            None => error.to_string(),
        })
        .collect()
}

/// Values of unknown types are not checked.
fn known(kind: Option<&str>) -> Option<&'static FieldType> {
    schema::field_type(kind?).ok()
}

fn no_text(name: &str) -> Failure {
    Failure::usage(format!("the field {name} holds objects, and not a text")).hint(
        "give one with `--field-json` or `--custom-field-json`, such as NAME={\"KEY\": \"VALUE\"}",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::failure::Code;

    #[test]
    fn texts_stay_texts_and_objects_take_none() {
        for (kind, given, expected) in [
            ("password", "12345", json!(["12345"])),
            ("login", "", json!([""])),
            ("text", "true", json!(["true"])),
            ("secret", "[1]", json!(["[1]"])),
            ("neverHeardOf", "1e5", json!(["1e5"])),
            ("checkbox", "true", json!([true])),
            ("date", "1700000000000", json!([1_700_000_000_000_u64])),
            ("date", "1970-01-02", json!([86_400_000])),
            ("host", r#"{"hostName":"h"}"#, json!([{"hostName": "h"}])),
        ] {
            let values = Value::from(text(Some(kind), "n", given).unwrap());
            assert_eq!(values, expected, "{kind} {given}");
        }
        assert_eq!(text(None, "n", "v").unwrap(), ["v"]);
        for (kind, given) in [
            ("name", "canary"),
            ("host", ""),
            ("checkbox", "canary"),
            ("date", "canary"),
            ("oneTimeCode", "canary"),
        ] {
            let failure = text(Some(kind), "n", given).unwrap_err();
            assert_eq!(failure.code(), Code::Usage, "{kind}");
            assert!(!failure.to_string().contains("canary"), "{kind}");
        }
    }

    #[test]
    fn json_is_kept_as_it_is_spelled() {
        let spelled = |kind: &str, given: &str| {
            let values = json(Some(kind), "n", given).map_err(|failure| failure.code())?;
            let texts: Vec<_> = values.iter().map(|value| value.get().to_owned()).collect();
            Ok::<_, Code>(texts.join(";"))
        };
        for (kind, given, expected) in [
            ("text", "1.50", Ok("1.50")),
            ("text", "[1e3, \"a\" ]", Ok("1e3;\"a\"")),
            ("text", "[]", Ok("")),
            (
                "text",
                "99999999999999999999999",
                Ok("99999999999999999999999"),
            ),
            ("name", r#" {"first" :"a"} "#, Ok(r#"{"first" :"a"}"#)),
            ("name", r#""plain""#, Err(Code::Usage)),
            ("name", "[{},1]", Err(Code::Usage)),
            ("text", "{canary", Err(Code::Usage)),
            ("password", "[[]]", Err(Code::Usage)),
            ("password", "{}", Err(Code::Usage)),
            ("date", r#"[1,{"a":1}]"#, Err(Code::Usage)),
            ("neverHeardOf", "[[{}]]", Ok("[{}]")),
        ] {
            assert_eq!(spelled(kind, given), expected.map(str::to_owned), "{given}");
        }
    }
}
