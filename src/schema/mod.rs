//! What records are made of: the types of records and fields, and which values they take (protocol.md 10.1, 10.2).
//!
//! The types that come with the program are data, in `builtin.json`, in the order in which they are listed. A mistake in
//! a value is told by its place and kind: the value itself may be a secret.

use std::sync::LazyLock;

use serde::Deserialize;

pub mod argument;
mod custom;
mod date;
mod field_builder;
mod record_builder;
pub mod record_file;
mod template;
mod value;
mod value_shape;

pub use custom::{RejectedFile, TypeFileError};
pub use record_builder::{FieldContent, FieldError, FieldInput, RecordBuilder};
pub use template::PLACEHOLDER;
pub use value::ValueError;
pub use value_shape::{ObjectMember, Pattern, ValueShape};

use crate::suggest::{self, STRICT};
use crate::vault::password::Complexity;

/// A type of fields, such as `password`.
#[derive(Debug, Deserialize)]
pub struct FieldType {
    /// The name.
    pub name: String,
    /// Whether fields of this type usually hold more than one value.
    #[serde(default)]
    pub several: bool,
    /// The member after which the next one belongs to another value, where values are given member by member.
    #[serde(default)]
    set_ends_with: Option<String>,
    /// Whether members that are not listed are taken too: clients disagree about what belongs into it.
    #[serde(default)]
    open: bool,
    /// What one value looks like.
    #[serde(flatten)]
    pub shape: ValueShape,
}

/// A type of records, such as `login`.
#[derive(Debug, Clone, Deserialize)]
pub struct RecordType {
    /// The name.
    pub name: String,
    /// The standard fields in order.
    #[serde(rename = "fields")]
    pub slots: Vec<Slot>,
}

/// A standard field of a record type.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Slot {
    /// The name of its field type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its label, if it has one.
    #[serde(default)]
    pub label: Option<String>,
    /// What records say about whether it has to be filled.
    #[serde(default)]
    pub required: bool,
    /// Whether it holds more than one value, whatever is usual for its type.
    #[serde(default)]
    pub several: bool,
    /// Whether it is hidden on screens.
    #[serde(default)]
    pub privacy_screen: bool,
    /// Whether a password is made if none is given.
    #[serde(default)]
    pub generate: bool,
    /// How that password is made.
    #[serde(skip)]
    pub complexity: Option<Complexity>,
}

/// A name that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownType {
    /// No such type of fields.
    #[error("Field type '{name}' does not exists.")]
    Field {
        /// As given.
        name: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// No such type of records.
    #[error("Record type class {name} is not loaded.")]
    Record {
        /// As given.
        name: String,
        /// What may have been meant.
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

/// All types of fields, in the order of lists.
pub fn field_types() -> &'static [FieldType] {
    &BUILTIN.fields
}

/// The type of fields with this name.
pub fn field_type(name: &str) -> Result<&'static FieldType, UnknownType> {
    let known = || field_types().iter().map(|kind| kind.name.as_str());
    let found = field_types().iter().find(|kind| kind.name == name);
    found.ok_or_else(|| UnknownType::Field {
        name: name.to_owned(),
        suggestion: suggest::closest(name, known(), STRICT),
    })
}

impl FieldType {
    /// Whether a value is an object, so that a bare text would damage the field.
    pub fn is_object(&self) -> bool {
        matches!(self.shape, ValueShape::Object { .. })
    }
}

/// The types of records: those that come with the program, and the user's own.
#[derive(Debug, Clone)]
pub struct RecordTypes {
    types: Vec<RecordType>,
}

impl RecordTypes {
    /// Those that come with the program.
    pub fn builtin() -> Self {
        Self {
            types: BUILTIN.records.clone(),
        }
    }

    /// All of them, in the order of lists.
    pub fn iter(&self) -> impl Iterator<Item = &RecordType> {
        self.types.iter()
    }

    /// The one with this name.
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
