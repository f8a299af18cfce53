//! The types of records and fields, and the values they take (protocol 10.1, 10.2). The types that come with the program
//! are in `builtin.json`. Errors name the place and kind of a wrong value, and never the value, which may be a secret.

use std::sync::LazyLock;

use serde::Deserialize;

pub mod argument;
mod custom;
mod date;
mod field_builder;
mod field_input;
mod record_builder;
pub mod record_file;
mod template;
mod value;
mod value_shape;

pub use custom::{RejectedFile, TypeFileError};
pub use field_input::{FieldContent, FieldInput};
pub use record_builder::{FieldError, RecordBuilder};
pub use template::PLACEHOLDER;
pub use value::ValueError;
pub use value_shape::{ObjectMember, Pattern, ValueShape};

use crate::password::Recipe;
use crate::suggest::{self, STRICT};

/// Such as `password`.
#[derive(Debug, Deserialize)]
pub struct FieldType {
    pub name: String,
    /// Fields of this type usually hold more than one value.
    #[serde(default)]
    pub several: bool,
    /// The member that completes a value where values are given member by member.
    #[serde(default)]
    set_ends_with: Option<String>,
    /// Members that are not listed are taken too, since clients disagree about what belongs into it.
    #[serde(default)]
    open: bool,
    /// The text of a placeholder.
    #[serde(default)]
    hint: Option<String>,
    #[serde(flatten)]
    pub shape: ValueShape,
}

/// Such as `login`.
#[derive(Debug, Clone, Deserialize)]
pub struct RecordType {
    pub name: String,
    #[serde(rename = "fields")]
    pub slots: Vec<Slot>,
}

/// A standard field of a record type.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Slot {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub label: Option<String>,
    /// The `required` member of the field in records; nothing enforces it.
    #[serde(default)]
    pub required: bool,
    /// Overrides [`FieldType::several`] if true.
    #[serde(default)]
    pub several: bool,
    #[serde(default)]
    pub privacy_screen: bool,
    /// A password is generated where none is given.
    #[serde(default)]
    pub generate: bool,
    /// For a password that is generated.
    #[serde(skip)]
    pub password: Recipe,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownType {
    #[error("Field type '{name}' does not exists.")]
    Field {
        name: String,
        suggestion: Option<String>,
    },
    #[error("Record type class {name} is not loaded.")]
    Record {
        name: String,
        suggestion: Option<String>,
    },
}

#[derive(Deserialize)]
struct Builtin {
    fields: Vec<FieldType>,
    records: Vec<RecordType>,
}

static BUILTIN: LazyLock<Builtin> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the file is part of the program, and a test reads it"
    )]
    serde_json::from_str(include_str!("builtin.json"))
        .expect("the types that come with the program")
});

pub fn field_types() -> &'static [FieldType] {
    &BUILTIN.fields
}

pub fn field_type(name: &str) -> Result<&'static FieldType, UnknownType> {
    let known = || field_types().iter().map(|kind| kind.name.as_str());
    let found = field_types().iter().find(|kind| kind.name == name);
    found.ok_or_else(|| UnknownType::Field {
        name: name.to_owned(),
        suggestion: synonym(name).or_else(|| suggest::closest(name, known(), STRICT)),
    })
}

/// The field type that other tools call `name`.
fn synonym(name: &str) -> Option<String> {
    let kind = match name.to_ascii_lowercase().as_str() {
        "user" | "username" => "login",
        "pass" | "passwd" | "pwd" => "password",
        "uri" | "website" | "link" => "url",
        "totp" | "otp" => "oneTimeCode",
        "mail" => "email",
        "notes" => "note",
        "hostname" | "server" => "host",
        _ => return None,
    };
    Some(kind.to_owned())
}

impl FieldType {
    /// A bare text would damage a field whose values are objects.
    pub fn is_object(&self) -> bool {
        matches!(self.shape, ValueShape::Object { .. })
    }
}

/// The record types of the program and those of the user.
#[derive(Debug, Clone)]
pub struct RecordTypes {
    types: Vec<RecordType>,
}

impl RecordTypes {
    pub fn builtin() -> Self {
        Self {
            types: BUILTIN.records.clone(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &RecordType> {
        self.types.iter()
    }

    pub fn get(&self, name: &str) -> Result<&RecordType, UnknownType> {
        let found = self.types.iter().find(|kind| kind.name == name);
        found.ok_or_else(|| UnknownType::Record {
            name: name.to_owned(),
            suggestion: suggest::closest(
                name,
                self.types.iter().map(|kind| kind.name.as_str()),
                STRICT,
            ),
        })
    }
}

#[cfg(test)]
mod tests;
