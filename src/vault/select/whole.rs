//! Records of which all fields are meant.

use std::slice;

use serde_json::Value;

use super::Selection;
use crate::sensitive::SensitiveJson;
use crate::vault::field::Field;
use crate::vault::inflate;
use crate::vault::notation;
use crate::vault::part::Part;
use crate::vault::record::Record;
use crate::vault::uid::RecordUid;

/// A field with the addresses and cards that it refers to in it.
#[derive(Debug)]
pub struct WholeField<'r> {
    pub field: &'r Field,
    inflated: Option<SensitiveJson>,
}

impl<'r> WholeField<'r> {
    /// The field as it is, whatever it refers to.
    pub fn of(field: &'r Field) -> Self {
        Self {
            field,
            inflated: None,
        }
    }

    /// A bare value counts as a list of one.
    pub fn values(&self) -> &[Value] {
        match self.inflated.as_ref().map(SensitiveJson::expose) {
            None => self.field.values(),
            Some(Value::Array(values)) => values,
            Some(bare) => slice::from_ref(bare),
        }
    }
}

impl Selection<'_> {
    /// All fields of a record that is known; one that is damaged, or refers to what is damaged, is an error.
    pub fn fields<'r>(&self, record: &'r Record) -> Result<Vec<WholeField<'r>>, notation::Error> {
        let lookup = |uid: &RecordUid| self.known.record(uid);
        let whole = |field: &'r Field| {
            self.check_field(record, field, record.title())?;
            Ok(WholeField {
                field,
                inflated: inflate::field(field, &lookup),
            })
        };
        record.all_fields().map(whole).collect()
    }

    /// Fails for a field that is damaged, or refers to what is. Errors call the record `named`.
    pub(super) fn check_field(
        &self,
        record: &Record,
        field: &Field,
        named: &str,
    ) -> Result<(), notation::Error> {
        let part = Part::Field(field.name().to_owned());
        if field.is_damaged() && record.damaged().contains(&part) {
            let record = named.to_owned();
            return Err(notation::Error::Damaged { record, part });
        }
        let lookup = |uid: &RecordUid| self.known.record(uid);
        for uid in inflate::references(field, &lookup) {
            self.known.check(uid.as_str()).map_err(|error| {
                let record = named.to_owned();
                notation::Error::Select { record, error }
            })?;
            if let Some(part) = lookup(&uid).and_then(|record| record.damaged().first()) {
                return Err(notation::Error::Damaged {
                    record: uid.to_string(),
                    part: part.clone(),
                });
            }
        }
        Ok(())
    }
}
