//! Builds a new record: the fields of its type in order, then custom ones (compatibility 9.2).

use serde_json::{Value, json};

use super::field_builder::FieldBuilder;
use super::field_input::FieldInput;
use super::{RecordType, Slot, UnknownType, ValueError, field_type};
use crate::password::GenerateError;
use crate::sensitive::SensitiveJson;
use crate::vault::section::FieldSection;

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
        let field = |slot: &Slot| Ok(FieldBuilder::new(field_type(&slot.kind)?, slot.clone()));
        Ok(Self {
            kind: kind.name.clone(),
            standard: kind.slots.iter().map(field).collect::<Result<_, _>>()?,
            custom: Vec::new(),
        })
    }

    pub fn fill(&mut self, given: FieldInput) -> Result<(), FieldError> {
        match given.section {
            FieldSection::Standard => self.fill_standard(given),
            FieldSection::Custom => self.fill_custom(given),
        }
    }

    fn fill_standard(&mut self, given: FieldInput) -> Result<(), FieldError> {
        let FieldInput {
            kind,
            label,
            content,
            ..
        } = given;
        let names = self.standard.iter().map(|field| field.kind.name.clone());
        let no_field = FieldError::NoField {
            kind: kind.name.clone(),
            there: names.collect(),
        };
        let fields = self.standard.iter_mut();
        let mut of_kind: Vec<_> = fields
            .filter(|field| field.kind.name == kind.name)
            .collect();
        if of_kind.is_empty() {
            return Err(no_field);
        }
        if let Some(label) = &label {
            // A field without a label takes the first that is given.
            let at = of_kind
                .iter()
                .position(|field| field.label.as_ref() == Some(label))
                .or_else(|| {
                    of_kind
                        .iter()
                        .position(|field| field.label.is_none() && field.is_free())
                });
            let Some(at) = at else {
                let labels = of_kind.iter().filter_map(|field| field.label.clone());
                return Err(FieldError::NoLabel {
                    kind: kind.name.clone(),
                    label: label.clone(),
                    there: labels.collect(),
                });
            };
            of_kind = vec![of_kind.swap_remove(at)];
        }
        let slot = of_kind.first().map(|field| field.slot.clone());
        let value = content.decode(kind, slot.as_ref())?;
        // Fields with values that take more come before empty ones.
        let started = of_kind
            .iter()
            .rposition(|field| !field.is_free() && field.takes(&value));
        let at = started.or_else(|| of_kind.iter().position(|field| field.is_free()));
        let field = at.map(|at| of_kind.swap_remove(at)).ok_or(no_field)?;
        field.label = field.label.take().or(label);
        field.take(value);
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
        let same = |field: &&mut FieldBuilder| field.kind.name == kind.name && field.label == label;
        let started = self
            .custom
            .iter_mut()
            .rfind(same)
            .filter(|field| field.takes(&value));
        match started {
            Some(field) => field.take(value),
            // Custom fields with the same type and label are stored apart (FIX 40).
            None => {
                let slot = Slot {
                    label,
                    ..Slot::default()
                };
                let mut field = FieldBuilder::new(kind, slot);
                field.take(value);
                self.custom.push(field);
            }
        }
        Ok(())
    }

    /// Fills empty password fields: all of them, or those that the record type wants generated.
    pub fn generate_passwords(&mut self, all: bool) -> Result<(), GenerateError> {
        for field in self.standard.iter_mut().chain(&mut self.custom) {
            let wanted = all || field.slot.generate;
            if field.kind.name == "password" && field.values.is_empty() && wanted {
                let password = field.slot.password.generate()?;
                let value = Value::String(password.expose().clone());
                field.values.push(SensitiveJson::new(value));
            }
        }
        Ok(())
    }

    /// The JSON of the record, in the member order of the official clients.
    pub fn document(&self, title: &str, notes: Option<&str>) -> SensitiveJson {
        let fields =
            |fields: &[FieldBuilder]| fields.iter().map(FieldBuilder::to_json).collect::<Value>();
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
