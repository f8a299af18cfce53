//! One record, opened (protocol 10).

use std::cell::OnceCell;
use std::fmt;

use serde_json::Value;

use super::attachment::Attachment;
use super::error::Error;
use super::field::{Field, LazyFields};
use super::heading::Heading;
use super::keys::RecordKey;
use super::link::Link;
use super::outline::Outline;
use super::part::Part;
use super::raw::RawObject;
use super::section::FieldSection;
use super::uid::{FileUid, FolderUid, RecordUid};
use crate::sensitive::Sensitive;

/// Prints as its UID and type.
#[derive(Clone)]
pub struct Record {
    uid: RecordUid,
    json: Sensitive<Vec<u8>>,
    title: String,
    kind: String,
    raw: OnceCell<RawObject>,
    notes: OnceCell<Option<Sensitive<String>>>,
    fields: LazyFields,
    custom: LazyFields,
    damaged: Vec<Part>,
    pub(super) server: ServerData,
}

/// The server's side of a record. It differs between the ways in which one record was shared.
#[derive(Clone, Default)]
pub(super) struct ServerData {
    pub(super) revision: i64,
    pub(super) editable: bool,
    pub(super) folder: Option<FolderUid>,
    pub(super) files: Vec<Attachment>,
    pub(super) links: Option<Vec<Link>>,
    /// None for a record that no vault sent.
    pub(super) key: Option<RecordKey>,
}

impl Record {
    /// Reads a record's decrypted JSON. Blanks around it are padding (protocol 9.6).
    pub fn from_json(uid: RecordUid, plain: impl Into<Sensitive<Vec<u8>>>) -> Result<Self, Error> {
        let json = plain.into();
        if let Some(outline) = Outline::of(json.expose()) {
            let (title, kind) = (outline.title.to_string(), outline.kind.to_string());
            return Ok(Self::of(uid, json, title, kind));
        }
        let raw = RawObject::of_record(json.expose())?;
        let mut damaged = Vec::new();
        let mut text = |name: &'static str| {
            let read = raw.text(name)?;
            damaged.extend(read.is_damaged.then_some(Part::Member(name)));
            Some(read.value)
        };
        let (title, kind, _) = (text("title"), text("type"), text("notes"));
        for section in FieldSection::ALL {
            let fields = LazyFields::check(raw.get(section.member()))?;
            damaged.extend(fields.into_iter().map(Part::Field));
        }
        let (title, kind) = (title.unwrap_or_default(), kind.unwrap_or_default());
        Ok(Self {
            damaged,
            raw: raw.into(),
            ..Self::of(uid, json, title, kind)
        })
    }

    fn of(uid: RecordUid, json: Sensitive<Vec<u8>>, title: String, kind: String) -> Self {
        Self {
            uid,
            json,
            title,
            kind,
            raw: OnceCell::new(),
            notes: OnceCell::new(),
            fields: LazyFields::default(),
            custom: LazyFields::default(),
            damaged: Vec::new(),
            server: ServerData::default(),
        }
    }

    pub fn heading(&self) -> Heading<'_> {
        Heading {
            uid: self.uid.as_str(),
            title: &self.title,
            kind: &self.kind,
            folder: self.folder().map(FolderUid::as_str),
        }
    }

    pub fn uid(&self) -> &RecordUid {
        &self.uid
    }

    /// Empty if there is none.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The type, such as `login`; empty if there is none.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// None if the record was shared on its own.
    pub fn folder(&self) -> Option<&FolderUid> {
        self.server.folder.as_ref()
    }

    /// The parts whose value is none that JSON knows, such as `NaN`.
    pub fn damaged(&self) -> &[Part] {
        &self.damaged
    }

    pub fn notes(&self) -> Option<&str> {
        let read = || Some(self.raw().text("notes")?.value.into());
        let notes = self.notes.get_or_init(read).as_ref();
        notes.map(|notes| notes.expose().as_str())
    }

    pub fn raw(&self) -> &RawObject {
        // It was read once.
        let read = || RawObject::of_record(self.json.expose()).unwrap_or_default();
        self.raw.get_or_init(read)
    }

    pub fn fields(&self, section: FieldSection) -> &[Field] {
        let fields = match section {
            FieldSection::Standard => &self.fields,
            FieldSection::Custom => &self.custom,
        };
        fields.get(self.raw().get(section.member()))
    }

    /// The fields of both sections.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        FieldSection::ALL
            .into_iter()
            .flat_map(|section| self.fields(section))
    }

    /// The first field labelled `key`, else the first whose type is `key` in any case (protocol 10.3).
    pub fn field(&self, section: FieldSection, key: &str) -> Option<&Field> {
        let fields = self.fields(section);
        let labelled = fields.iter().find(|field| field.label() == Some(key));
        let is_of_type = |field: &&Field| {
            let kind = field.kind();
            kind.is_some_and(|kind| kind.eq_ignore_ascii_case(key))
        };
        labelled.or_else(|| fields.iter().find(is_of_type))
    }

    /// Grows with each change.
    pub fn revision(&self) -> i64 {
        self.server.revision
    }

    /// Whether the application may change it.
    pub fn is_editable(&self) -> bool {
        self.server.editable
    }

    pub(super) fn key(&self) -> Result<&RecordKey, Error> {
        self.server.key.as_ref().ok_or(Error::NoRecordKey)
    }

    /// The UIDs in the record's `fileRef` fields; some may not open, or have no content.
    pub fn file_references(&self) -> impl Iterator<Item = &str> {
        self.all_fields()
            .filter(|field| field.kind() == Some("fileRef"))
            .flat_map(Field::values)
            .filter_map(Value::as_str)
    }

    /// Whether one of [`Self::file_references`] is `file`.
    pub fn refers_to(&self, file: &FileUid) -> bool {
        self.file_references().any(|uid| uid == file.as_str())
    }

    pub fn files(&self) -> &[Attachment] {
        &self.server.files
    }

    /// None if links were not asked for.
    pub fn links(&self) -> Option<&[Link]> {
        self.server.links.as_deref()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.heading().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Record {
        Record::from_json("U".into(), json.as_bytes()).unwrap()
    }

    #[test]
    fn reads_what_other_clients_leave_out() {
        for json in [
            "{}",
            r#"{"fields":null,"custom":null,"notes":null,"title":7}"#,
            "{}    \n",
        ] {
            let record = read(json);
            assert_eq!(
                (record.title(), record.kind(), record.notes()),
                ("", "", None),
                "{json}"
            );
            assert!(record.fields(FieldSection::Standard).is_empty(), "{json}");
        }
        let too_deep = format!(
            r#"{{"fields":[{{"value":{}{}}}]}}"#,
            "[".repeat(200),
            "]".repeat(200)
        );
        for json in [
            "",
            "[]",
            "null",
            "{",
            "{}x",
            r#"{"fields":[7]}"#,
            r#"{"custom":{}}"#,
            &too_deep,
        ] {
            assert!(
                Record::from_json("U".into(), json.as_bytes()).is_err(),
                "{json}"
            );
        }
    }

    #[test]
    fn what_a_glance_skips_is_read_as_well() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for json in [
            &b"{\"title\":\"a\",\"fields\":[{\"other\":\"\xff\"}]}"[..],
            b"{\"title\":\"a\",\"other\":\"\xff\"}",
            format!(r#"{{"fields":[{{"type":{deep}}}]}}"#).as_bytes(),
            format!(r#"{{"fields":[{{"label":{deep}}}]}}"#).as_bytes(),
        ] {
            assert!(Record::from_json("U".into(), json).is_err());
        }
    }

    #[test]
    fn values_are_a_list_whatever_was_written() {
        let record = read(
            r#"{"custom":[{"value":["a","b"]},{"value":"a"},{"value":null},{"type":"text"}]}"#,
        );
        let counts = record
            .fields(FieldSection::Custom)
            .iter()
            .map(|field| field.values().len())
            .collect::<Vec<_>>();
        assert_eq!(counts, [2, 1, 0, 0]);
    }

    #[test]
    fn labels_come_before_types() {
        let record = read(
            r#"{"fields":[{"type":"login","value":["1"]},{"type":"text","label":"login","value":["2"]}]}"#,
        );
        let value = |key| {
            record
                .field(FieldSection::Standard, key)
                .map(|field| field.values()[0].clone())
        };
        assert_eq!(value("login"), Some("2".into()));
        assert_eq!(value("LOGIN"), Some("1".into()));
        assert_eq!(value("other"), None);
    }

    #[test]
    fn debug_output_shows_no_content() {
        assert_eq!(
            format!("{:?}", read(r#"{"title":"canary","type":"login"}"#)),
            "Record(U, login)"
        );
    }
}
