//! Builds a new record: the fields of its type in order, then custom ones (compatibility 9.2).

use serde_json::{Value, json};

use super::field_builder::FieldBuilder;
use super::{FieldType, RecordType, Slot, UnknownType, ValueError, field_type};
use crate::document::Node;
use crate::sensitive::{Sensitive, SensitiveJson};
use crate::vault::password::{GenerateError, Recipe};
use crate::vault::record::Section;

/// A value and the field it is for.
#[derive(Debug, Clone)]
pub struct FieldInput {
    pub section: Section,
    pub kind: &'static FieldType,
    pub label: Option<String>,
    pub content: FieldContent,
}

impl FieldInput {
    pub(super) fn says_nothing(&self) -> bool {
        match &self.content {
            FieldContent::Text(text) | FieldContent::ObjectMember(_, text) => {
                text.expose().is_empty()
            }
            FieldContent::Node(Node::List(items)) => items.iter().all(Node::is_empty),
            FieldContent::Node(node) => node.is_empty(),
        }
    }
}

#[derive(Debug, Clone)]
pub enum FieldContent {
    /// An argument of the command line.
    Text(Sensitive<String>),
    /// An argument for one member of a value.
    ObjectMember(String, Sensitive<String>),
    /// All values of the field, from a document.
    Node(Node),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error(transparent)]
    Unknown(#[from] UnknownType),
    #[error(transparent)]
    Value(#[from] ValueError),
    #[error("The standard fields do not have a '{kind}' field type or they all have values.")]
    NoField {
        kind: String,
        /// The field types of the record type.
        there: Vec<String>,
    },
    #[error("the standard fields of type '{kind}' are labelled otherwise than '{label}'")]
    NoLabel {
        kind: String,
        label: String,
        there: Vec<String>,
    },
}

#[derive(Debug)]
pub struct RecordBuilder {
    kind: String,
    standard: Vec<FieldBuilder>,
    custom: Vec<FieldBuilder>,
}

impl RecordBuilder {
    pub fn new(kind: &RecordType) -> Result<Self, UnknownType> {
        let entry = |slot: &Slot| Ok(FieldBuilder::new(field_type(&slot.kind)?, slot.clone()));
        Ok(Self {
            kind: kind.name.clone(),
            standard: kind.slots.iter().map(entry).collect::<Result<_, _>>()?,
            custom: Vec::new(),
        })
    }

    pub fn fill(&mut self, given: FieldInput) -> Result<(), FieldError> {
        match given.section {
            Section::Standard => self.fill_standard(given),
            Section::Custom => self.fill_custom(given),
        }
    }

    fn fill_standard(&mut self, given: FieldInput) -> Result<(), FieldError> {
        let FieldInput {
            kind,
            label,
            content,
            ..
        } = given;
        let there = || {
            self.standard
                .iter()
                .map(|entry| entry.kind.name.clone())
                .collect()
        };
        let no_field = FieldError::NoField {
            kind: kind.name.clone(),
            there: there(),
        };
        let mut of_kind: Vec<&mut FieldBuilder> = self
            .standard
            .iter_mut()
            .filter(|entry| entry.kind.name == kind.name)
            .collect();
        if of_kind.is_empty() {
            return Err(no_field);
        }
        if let Some(label) = &label {
            let labels = of_kind.iter().filter_map(|entry| entry.label.clone());
            let there: Vec<String> = labels.collect();
            // A field without a label takes the first that is given.
            let exact = of_kind
                .iter()
                .position(|entry| entry.label.as_ref() == Some(label));
            let at = exact.or_else(|| {
                of_kind
                    .iter()
                    .position(|entry| entry.label.is_none() && entry.is_free())
            });
            let Some(at) = at else {
                return Err(FieldError::NoLabel {
                    kind: kind.name.clone(),
                    label: label.clone(),
                    there,
                });
            };
            of_kind = vec![of_kind.swap_remove(at)];
        }
        let slot = of_kind.first().map(|entry| entry.slot.clone());
        let value = content.decode(kind, slot.as_ref())?;
        // Fields with values that take more come before empty ones.
        let started = of_kind
            .iter()
            .rposition(|entry| !entry.is_free() && entry.takes(&value));
        let at = started.or_else(|| of_kind.iter().position(|entry| entry.is_free()));
        let entry = at.map(|at| of_kind.swap_remove(at)).ok_or(no_field)?;
        entry.label = entry.label.take().or(label);
        entry.take(value);
        Ok(())
    }

    fn fill_custom(&mut self, given: FieldInput) -> Result<(), FieldError> {
        let FieldInput {
            kind,
            label,
            content,
            ..
        } = given;
        let value = content.decode(kind, None)?;
        let same = |entry: &&mut FieldBuilder| entry.kind.name == kind.name && entry.label == label;
        let started = self
            .custom
            .iter_mut()
            .rfind(same)
            .filter(|entry| entry.takes(&value));
        match started {
            Some(entry) => entry.take(value),
            // Custom fields with the same type and label are stored apart (FIX 40).
            None => {
                let slot = Slot {
                    label,
                    ..Slot::default()
                };
                let mut entry = FieldBuilder::new(kind, slot);
                entry.take(value);
                self.custom.push(entry);
            }
        }
        Ok(())
    }

    /// Fills empty password fields: all of them, or those that the record type wants generated.
    pub fn generate_passwords(&mut self, all: bool) -> Result<(), GenerateError> {
        for entry in self.standard.iter_mut().chain(&mut self.custom) {
            let wanted = all || entry.slot.generate;
            if entry.kind.name == "password" && entry.values.is_empty() && wanted {
                let complexity = entry.slot.complexity.clone().unwrap_or_default();
                let password = Recipe::of(&complexity).generate()?;
                let value = Value::String(password.expose().clone());
                entry.values.push(SensitiveJson::new(value));
            }
        }
        Ok(())
    }

    /// The JSON of the record, in the member order of the official clients.
    pub fn document(&self, title: &str, notes: Option<&str>) -> SensitiveJson {
        let fields =
            |entries: &[FieldBuilder]| entries.iter().map(FieldBuilder::to_json).collect::<Value>();
        let mut document =
            json!({"type": self.kind, "title": title, "fields": fields(&self.standard)});
        if let Some(members) = document.as_object_mut() {
            if let Some(notes) = notes.filter(|notes| !notes.is_empty()) {
                members.insert("notes".into(), notes.into());
            }
            members.insert("custom".into(), fields(&self.custom));
        }
        SensitiveJson::new(document)
    }
}
