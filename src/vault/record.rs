//! One record, opened: what is in it and what hangs on it (protocol.md 10).

use std::fmt;

use super::Error;
use super::attachment::Attachment;
use super::field::Field;
use super::fields::Fields;
use super::keys::RecordKey;
use super::link::Link;
use super::raw::RawObject;
use super::uid::{FileUid, FolderUid, RecordUid};
use crate::sensitive::Sensitive;

/// Which of a record's two lists of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Those its type prescribes.
    Standard,
    /// Those its owner added.
    Custom,
}

impl Section {
    /// The member of a record that holds the list.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Standard => "fields",
            Self::Custom => "custom",
        }
    }
}

/// A record. It prints as its UID and type.
#[derive(Clone, PartialEq)]
pub struct Record {
    uid: RecordUid,
    content: Content,
    pub(super) surroundings: Surroundings,
}

/// What a record's own JSON says. Two are equal when that JSON is.
#[derive(Clone)]
struct Content {
    members: RawObject,
    title: String,
    kind: String,
    notes: Option<Sensitive<String>>,
    fields: Fields,
    custom: Fields,
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

/// What the server says about a record. It differs between the ways in which one record was shared.
#[derive(Clone, Default)]
pub(super) struct Surroundings {
    pub(super) revision: i64,
    pub(super) editable: bool,
    pub(super) folder: Option<FolderUid>,
    pub(super) files: Vec<Attachment>,
    pub(super) links: Option<Vec<Link>>,
    /// What it is sealed with; none for a record that no vault sent.
    pub(super) key: Option<RecordKey>,
}

/// Being shared in two ways does not make two records.
impl PartialEq for Surroundings {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision
    }
}

impl Record {
    /// Reads a record's decrypted JSON. Blanks around it are padding (protocol.md 9.6).
    pub fn from_json(uid: RecordUid, plain: &[u8]) -> Result<Self, Error> {
        let malformed = |error| Error::malformed("a record", &error);
        let members: RawObject = serde_json::from_slice(plain).map_err(malformed)?;
        let text = |name| members.read::<Option<String>>(name).flatten();
        for section in [Section::Standard, Section::Custom] {
            Fields::check(members.get(section.member()))?;
        }
        let content = Content {
            title: text("title").unwrap_or_default(),
            kind: text("type").unwrap_or_default(),
            notes: text("notes").map(Sensitive::new),
            fields: Fields::default(),
            custom: Fields::default(),
            members,
        };
        Ok(Self {
            uid,
            content,
            surroundings: Surroundings::default(),
        })
    }

    /// Its UID.
    pub fn uid(&self) -> &RecordUid {
        &self.uid
    }

    /// Its title; empty if it has none.
    pub fn title(&self) -> &str {
        &self.content.title
    }

    /// Its type, such as `login`; empty if it has none.
    pub fn kind(&self) -> &str {
        &self.content.kind
    }

    /// Its notes.
    pub fn notes(&self) -> Option<&str> {
        self.content
            .notes
            .as_ref()
            .map(|notes| notes.expose().as_str())
    }

    /// Its JSON, member by member as it was written.
    pub fn raw(&self) -> &RawObject {
        &self.content.members
    }

    /// The fields of one section, in order.
    pub fn fields(&self, section: Section) -> &[Field] {
        let fields = match section {
            Section::Standard => &self.content.fields,
            Section::Custom => &self.content.custom,
        };
        fields.read(self.content.members.get(section.member()))
    }

    /// The first field labelled `key`, else the first whose type is `key` in any case (protocol.md 10.3).
    pub fn field(&self, section: Section, key: &str) -> Option<&Field> {
        let fields = self.fields(section);
        let labelled = fields.iter().find(|field| field.label() == Some(key));
        labelled.or_else(|| {
            fields.iter().find(|field| {
                field
                    .kind()
                    .is_some_and(|kind| kind.eq_ignore_ascii_case(key))
            })
        })
    }

    /// Grows with each change.
    pub fn revision(&self) -> i64 {
        self.surroundings.revision
    }

    /// Whether the application may change it.
    pub fn is_editable(&self) -> bool {
        self.surroundings.editable
    }

    /// The key it is sealed with, for writing it back.
    pub(super) fn key(&self) -> Result<&RecordKey, Error> {
        self.surroundings.key.as_ref().ok_or(Error::NoRecordKey)
    }

    /// The folder it lies in; none if it was shared on its own.
    pub fn folder(&self) -> Option<&FolderUid> {
        self.surroundings.folder.as_ref()
    }

    /// Whether it names this attachment, which may be one that does not open or has no content.
    pub fn names(&self, file: &FileUid) -> bool {
        self.file_references().any(|uid| uid == file.as_str())
    }

    /// The UIDs of the attachments it names.
    pub fn file_references(&self) -> impl Iterator<Item = &str> {
        let sections = [Section::Standard, Section::Custom].into_iter();
        sections
            .flat_map(|section| self.fields(section))
            .filter(|field| field.kind() == Some("fileRef"))
            .flat_map(Field::values)
            .filter_map(serde_json::Value::as_str)
    }

    /// Its attachments.
    pub fn files(&self) -> &[Attachment] {
        &self.surroundings.files
    }

    /// Its links; none if they were not asked for.
    pub fn links(&self) -> Option<&[Link]> {
        self.surroundings.links.as_deref()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({}, {})", self.uid, self.kind())
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
            assert!(record.fields(Section::Standard).is_empty(), "{json}");
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
    fn values_are_a_list_whatever_was_written() {
        let record = read(
            r#"{"custom":[{"value":["a","b"]},{"value":"a"},{"value":null},{"type":"text"}]}"#,
        );
        let counts = record
            .fields(Section::Custom)
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
                .field(Section::Standard, key)
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
