//! A record's JSON being changed. Only what is touched is encoded anew (D28): a change of one field leaves every other
//! field byte for byte.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::raw::{RawJson, RawObject};
use super::record::Record;
use super::section::FieldSection;
use super::uid::{FileUid, RecordUid};
use super::{Error, field::Field, lenient};
use crate::sensitive::Sensitive;

/// The type of the fields that refer to attachments.
const FILES: &str = "fileRef";

/// Records are padded to at least this length, and to a multiple of `STEP`, as by other clients (protocol 9.6).
const LEAST: usize = 384;
const STEP: usize = 16;

#[derive(Clone, Debug)]
pub struct RecordEdit {
    members: RawObject,
}

impl RecordEdit {
    pub fn of(record: &Record) -> Self {
        Self {
            members: record.raw().clone(),
        }
    }

    /// A new record of these members. A list `custom` is added if there is none, as other clients do (protocol 10).
    pub fn new(document: &Map<String, Value>) -> Result<Self, Error> {
        for section in FieldSection::ALL {
            let fields = document.get(section.member()).and_then(Value::as_array);
            for field in fields.into_iter().flatten() {
                readable(&raw(field)?)?;
            }
        }
        let mut members = RawObject::default();
        for (name, value) in document {
            members.set(name, raw(value)?);
        }
        if members.get(FieldSection::Custom.member()).is_none() {
            members.set(FieldSection::Custom.member(), raw(&json!([]))?);
        }
        Ok(Self { members })
    }

    pub fn set_title(&mut self, title: &str) -> Result<(), Error> {
        self.members.set("title", raw(&title)?);
        Ok(())
    }

    pub fn set_notes(&mut self, notes: &str) -> Result<(), Error> {
        self.members.set("notes", raw(&notes)?);
        Ok(())
    }

    /// Replaces the values of the field at `index` of a section.
    pub fn set_values(
        &mut self,
        section: FieldSection,
        index: usize,
        values: &[impl Serialize],
    ) -> Result<(), Error> {
        let mut fields = self.fields(section)?;
        let field = fields.get_mut(index).ok_or(Error::NoField)?;
        set_value(field, &values)?;
        readable(field)?;
        self.set_fields(section, &fields)
    }

    /// Appends a field, given by its members.
    pub fn add_field(
        &mut self,
        section: FieldSection,
        field: &Map<String, Value>,
    ) -> Result<(), Error> {
        let mut fields = self.fields(section)?;
        let field = raw(field)?;
        readable(&field)?;
        fields.push(field);
        self.set_fields(section, &fields)
    }

    /// Adds the UID to the first field for attachments, or to a new one (protocol 8.6).
    pub fn attach(&mut self, file: &FileUid) -> Result<(), Error> {
        let mut fields = self.fields(FieldSection::Standard)?;
        let mut found = None;
        for field in &mut fields {
            if is_for_files(field)? {
                found = Some(field);
                break;
            }
        }
        match found {
            Some(field) => {
                let mut uids = values(field)?;
                uids.push(raw(&file.as_str())?);
                set_value(field, &uids)?;
            }
            None => fields.push(raw(&json!({"type": FILES, "value": [file.as_str()]}))?),
        }
        self.set_fields(FieldSection::Standard, &fields)
    }

    /// Removes the UID from all fields for attachments. A field that becomes empty stays (protocol 8.4).
    pub fn detach(&mut self, file: &FileUid) -> Result<(), Error> {
        for section in FieldSection::ALL {
            let mut fields = self.fields(section)?;
            let mut touched = false;
            for field in &mut fields {
                if !is_for_files(field)? {
                    continue;
                }
                let before = values(field)?;
                let is_other = |uid: &RawJson| {
                    serde_json::from_str::<String>(uid.get())
                        .map_or(true, |uid| uid != file.as_str())
                };
                let after: Vec<_> = before.iter().filter(|uid| is_other(uid)).collect();
                if after.len() < before.len() {
                    set_value(field, &after)?;
                    touched = true;
                }
            }
            if touched {
                self.set_fields(section, &fields)?;
            }
        }
        Ok(())
    }

    /// Whether `record` becomes another one. Blanks between members do not count.
    pub fn changes(&self, record: &Record) -> Result<bool, Error> {
        let (before, after) = (Self::of(record).padded()?, self.padded()?);
        Ok(!said(before.expose()).eq(said(after.expose())))
    }

    /// The record as a reader will see it.
    pub fn preview(&self, uid: RecordUid) -> Result<Record, Error> {
        Record::from_json(uid, self.padded()?)
    }

    /// The JSON with blanks that hide its length.
    pub fn padded(&self) -> Result<Sensitive<Vec<u8>>, Error> {
        let lengths = self
            .members
            .iter()
            .map(|(name, json)| 2 * name.len() + json.get().len() + 4);
        // Reserved at once, since a buffer that grows leaves copies behind.
        let mut json = Sensitive::new(Vec::with_capacity(lengths.sum::<usize>() + LEAST));
        serde_json::to_writer(json.expose_mut(), &self.members).map_err(malformed)?;
        let mut json = lenient::unmarked(json);
        pad(json.expose_mut());
        Ok(json)
    }

    fn fields(&self, section: FieldSection) -> Result<Vec<RawJson>, Error> {
        let Some(json) = self.members.get(section.member()) else {
            return Ok(Vec::new());
        };
        let fields: Option<Vec<RawJson>> = serde_json::from_str(json.get()).map_err(malformed)?;
        Ok(fields.unwrap_or_default())
    }

    fn set_fields(&mut self, section: FieldSection, fields: &[RawJson]) -> Result<(), Error> {
        self.members.set(section.member(), raw(&fields)?);
        Ok(())
    }
}

/// The bytes of JSON without the blanks outside of texts.
fn said(json: &[u8]) -> impl Iterator<Item = u8> {
    let (mut in_text, mut is_escaped) = (false, false);
    json.iter().copied().filter(move |byte| {
        let is_quote = *byte == b'"' && !is_escaped;
        is_escaped = in_text && *byte == b'\\' && !is_escaped;
        in_text ^= is_quote;
        in_text || !byte.is_ascii_whitespace()
    })
}

/// Refuses a field whose value would be damaged when it is read.
fn readable(field: &RawJson) -> Result<(), Error> {
    match Field::read(field.get()) {
        Ok(field) if !field.is_damaged() => Ok(()),
        _ => Err(Error::Unreadable),
    }
}

pub fn pad(json: &mut Vec<u8>) {
    json.resize(json.len().max(LEAST).next_multiple_of(STEP), b' ');
}

fn raw(value: &impl Serialize) -> Result<RawJson, Error> {
    RawJson::of(value).map_err(malformed)
}

fn is_for_files(field: &RawJson) -> Result<bool, Error> {
    let field = Field::read(field.get()).map_err(malformed)?;
    Ok(field.kind() == Some(FILES))
}

/// A field's values as they were written: a list, a bare one, or none.
fn values(field: &RawJson) -> Result<Vec<RawJson>, Error> {
    let members: RawObject = serde_json::from_str(field.get()).map_err(malformed)?;
    match members.get("value").map(RawValue::get) {
        None | Some("null") => Ok(Vec::new()),
        Some(list) if list.starts_with('[') => serde_json::from_str(list).map_err(malformed),
        Some(bare) => Ok(vec![serde_json::from_str(bare).map_err(malformed)?]),
    }
}

fn set_value(field: &mut RawJson, value: &impl Serialize) -> Result<(), Error> {
    let mut members: RawObject = serde_json::from_str(field.get()).map_err(malformed)?;
    members.set("value", raw(value)?);
    *field = raw(&members)?;
    Ok(())
}

fn malformed(error: serde_json::Error) -> Error {
    Error::malformed("a record", &error)
}

#[cfg(test)]
mod tests;
