//! One `NAME=VALUE` of `secret update` (FIX 17).

use ksm::schema::argument::{self, cut, is_called};
use ksm::sensitive::Sensitive;
use ksm::vault::field::Field;
use ksm::vault::section::FieldSection;
use ksm::vault::{Record, RecordEdit, advice};
use serde_json::{Map, Value};

use super::typed;
use crate::failure::{Code, Failure, Result};

/// Whether fields that do not exist yet are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Adding {
    Allowed,
    Refused,
}

#[derive(Debug)]
pub(super) enum Given {
    /// `NAME=VALUE`.
    Text(Sensitive<String>),
    /// `NAME=JSON`.
    Json(Sensitive<String>),
    /// A name, and a value from a file or stdin.
    Fed(String, Sensitive<String>),
}

#[derive(Debug)]
pub(super) struct Assignment {
    pub(super) section: FieldSection,
    pub(super) given: Given,
}

impl Assignment {
    /// Changes `edit`, of which `now` is the preview, and gives the place of the field in its section.
    pub(super) fn apply(
        &self,
        now: &Record,
        edit: &mut RecordEdit,
        adding: Adding,
    ) -> Result<usize> {
        let fields = now.fields(self.section);
        let (name, value) = match &self.given {
            Given::Text(text) | Given::Json(text) => {
                cut(text.expose(), fields).map_err(|error| self.unvalued(error, text, fields))?
            }
            Given::Fed(name, value) => (name.as_str(), value.expose().as_str()),
        };
        let found = fields.iter().position(|field| is_called(field, name));
        let (index, kind) = match found {
            Some(index) => (index, fields.get(index).and_then(Field::kind)),
            None if adding == Adding::Allowed => {
                let kind = add(self.section, name, edit)?;
                (fields.len(), Some(kind))
            }
            None => return Err(unknown(self.section, name, value, now)),
        };
        match &self.given {
            Given::Json(_) => {
                let values = typed::json(kind, name, value)?;
                edit.set_values(self.section, index, &values)?;
            }
            Given::Text(_) | Given::Fed(..) => {
                let values = typed::text(kind, name, value)?;
                edit.set_values(self.section, index, &values)?;
            }
        }
        Ok(index)
    }

    /// For an argument without `=`. One that is no name of a field may be a secret.
    fn unvalued(
        &self,
        error: argument::Error,
        text: &Sensitive<String>,
        fields: &[Field],
    ) -> Failure {
        let is_name = fields.iter().any(|field| is_called(field, text.expose()));
        let name = match is_name {
            true => advice::word(text.expose()),
            false => "NAME".to_owned(),
        };
        let option = match self.section {
            FieldSection::Standard => "--field",
            FieldSection::Custom => "--custom-field",
        };
        Failure::from(error).hint(match &self.given {
            Given::Json(_) => format!("`{option}-json {name}=JSON` sets a field to JSON"),
            Given::Text(_) | Given::Fed(..) => format!(
                "`{option}-from {name}=-` sets a field to what stdin holds, and `{option} {name}=VALUE` to a value that \
                 other users of this machine may see"
            ),
        })
    }

    /// The name of the field as it is given, without a value.
    pub(super) fn name<'a>(&'a self, fields: &[Field]) -> &'a str {
        match &self.given {
            Given::Text(text) | Given::Json(text) => {
                cut(text.expose(), fields).map_or("", |(name, _)| name)
            }
            Given::Fed(name, _) => name,
        }
    }
}

/// Appends an empty field, and gives its type.
fn add(section: FieldSection, name: &str, edit: &mut RecordEdit) -> Result<&'static str> {
    let (kind, label) = argument::added(section, name)?;
    let mut field = Map::new();
    field.insert("type".to_owned(), kind.name.as_str().into());
    if let Some(label) = label {
        field.insert("label".to_owned(), label.into());
    }
    field.insert("value".to_owned(), Value::Array(Vec::new()));
    edit.add_field(section, &field)?;
    Ok(&kind.name)
}

/// A text without a name may be a secret that ends in `=`, as base64 does: it is not repeated.
fn unknown(section: FieldSection, name: &str, value: &str, record: &Record) -> Failure {
    let shown = if value.is_empty() || value == "=" {
        "an argument"
    } else {
        name
    };
    let message = format!("Cannot find the field/custom_field label or type for {shown}.");
    let is_elsewhere = record
        .fields(section.other())
        .iter()
        .any(|field| is_called(field, name));
    let whole = name.split(['.', '[']).next().unwrap_or(name);
    let is_member = whole != name
        && record
            .fields(section)
            .iter()
            .any(|field| is_called(field, whole));
    let cure = match (is_elsewhere, section) {
        _ if is_member => format!(
            "a field is set as a whole: `--{}-json '{whole}={{\"MEMBER\": \"VALUE\"}}'` gives all its members",
            match section {
                FieldSection::Standard => "field",
                FieldSection::Custom => "custom-field",
            }
        ),
        (true, FieldSection::Standard) => {
            "it is a custom field: `--custom-field` sets it".to_owned()
        }
        (true, FieldSection::Custom) => "it is a standard field: `--field` sets it".to_owned(),
        (false, _) => format!(
            "{}; `--add` adds another",
            advice::field(record, None, name)
        ),
    };
    Failure::new(Code::Missing, message).hint(cure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &str) -> Record {
        let json = format!(r#"{{"title":"t","custom":{fields}}}"#);
        Record::from_json("U".into(), json.as_bytes()).unwrap()
    }

    fn after(fields: &str, name: &str, adding: Adding) -> Result<Value> {
        let record = record(fields);
        let mut edit = RecordEdit::of(&record);
        let assignment = Assignment {
            section: FieldSection::Custom,
            given: Given::Text(Sensitive::new(format!("{name}=v"))),
        };
        assignment.apply(&record, &mut edit, adding)?;
        let json = edit.padded().unwrap();
        let json: Value = serde_json::from_slice(json.expose()).unwrap();
        Ok(json["custom"].clone())
    }

    #[test]
    fn a_missing_field_is_added_only_on_request() {
        let two = r#"{"type":"text","label":"l","value":["o"]}, {"type":"secret","label":"l","value":[]}"#;
        for (fields, name, expected) in [
            ("", "new", r#"{"type":"text","label":"new","value":["v"]}"#),
            ("", "password", r#"{"type":"password","value":["v"]}"#),
            (
                "",
                "secret[API]",
                r#"{"type":"secret","label":"API","value":["v"]}"#,
            ),
            ("", "text[]", r#"{"type":"text","value":["v"]}"#),
            (
                "",
                "secret[a=b]",
                r#"{"type":"secret","label":"a=b","value":["v"]}"#,
            ),
            (two, "secret[l]", &two.replace("[]", r#"["v"]"#)),
            (two, "l", &two.replace("\"o\"", "\"v\"")),
        ] {
            let expected: Value = serde_json::from_str(&format!("[{expected}]")).unwrap();
            let added = after(&format!("[{fields}]"), name, Adding::Allowed).unwrap();
            assert_eq!(added, expected, "{name}");
        }
        let refused = after("[]", "new", Adding::Refused).unwrap_err();
        assert_eq!(refused.code(), Code::Missing);
        let unknown = after("[]", "sekret[l]", Adding::Allowed).unwrap_err();
        assert_eq!(unknown.code(), Code::Usage);
    }

    #[test]
    fn what_may_be_a_secret_is_not_repeated() {
        for text in ["canary==", "canary="] {
            let (name, value) = cut(text, &[]).unwrap();
            let failure = unknown(FieldSection::Custom, name, value, &record("[]"));
            assert!(!failure.to_string().contains("canary"), "{text}");
        }
        let record = record(r#"[{"type":"url"}]"#);
        let failure = unknown(FieldSection::Custom, "login", "canary", &record);
        assert_eq!(
            failure.to_string(),
            "Error: Cannot find the field/custom_field label or type for login.\nHint: `t` has no standard \
             fields; custom: url; `--add` adds another\n"
        );
    }
}
