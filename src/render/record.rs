//! A record as `secret get` shows it: its values, and their names in JSON (compatibility 8.2).

use serde::Serialize;
use serde_json::{Number, Value};

use ksm::sensitive::SensitiveJson;
use ksm::vault::Record;
use ksm::vault::attachment::Attachment;
use ksm::vault::field::Field;
use ksm::vault::inflate::{self, Lookup};
use ksm::vault::link::Link;
use ksm::vault::section::FieldSection;

use super::mask::{self, Masking};

/// A record as shown. Serializes as the official JSON, keys in its order.
#[derive(Debug, Serialize)]
pub(crate) struct ShownRecord<'r> {
    pub(super) uid: &'r str,
    pub(crate) title: &'r str,
    #[serde(rename = "type")]
    pub(super) kind: &'r str,
    pub(super) notes: &'r str,
    pub(super) fields: Vec<ShownField<'r>>,
    pub(super) custom: Vec<ShownField<'r>>,
    pub(super) files: Vec<ShownFile<'r>>,
    pub(super) links: Vec<ShownLink<'r>>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ShownField<'r> {
    label: Option<&'r str>,
    #[serde(rename = "type")]
    pub(super) kind: Option<&'r str>,
    pub(super) value: ShownValue<'r>,
    #[serde(skip)]
    pub(super) name: &'r str,
    #[serde(skip)]
    pub(crate) is_damaged: bool,
}

#[derive(Debug)]
pub(crate) enum ShownValue<'r> {
    Own(&'r Value),
    /// Taken from the records that the field refers to.
    Inflated(SensitiveJson),
    /// `****` in the place of secrets.
    Masked(Value),
}

#[derive(Debug, Serialize)]
pub(super) struct ShownFile<'r> {
    #[serde(rename = "file_uid")]
    pub(super) uid: &'r str,
    pub(super) name: &'r str,
    pub(super) title: &'r str,
    #[serde(rename = "type")]
    pub(super) kind: Option<&'r str>,
    pub(super) last_modified: Option<&'r Number>,
    pub(super) size: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownLink<'r> {
    pub(super) record_uid: &'r str,
    pub(super) data: Option<&'r str>,
    pub(super) path: Option<&'r str>,
    pub(super) decoded: Option<&'r Value>,
}

impl<'r> ShownRecord<'r> {
    /// Prepares a record, with what `lookup` finds in the place of references; without it they stay as they are.
    pub(crate) fn new(
        record: &'r Record,
        masking: Masking,
        lookup: Option<Lookup<'_, 'r>>,
    ) -> Self {
        let fields = |section| {
            record
                .fields(section)
                .iter()
                .map(|field| ShownField::new(field, masking, lookup))
                .collect()
        };
        Self {
            uid: record.uid().as_str(),
            title: record.title(),
            kind: record.kind(),
            notes: record.notes().unwrap_or_default(),
            fields: fields(FieldSection::Standard),
            custom: fields(FieldSection::Custom),
            files: record.files().iter().map(ShownFile::new).collect(),
            links: record
                .links()
                .unwrap_or_default()
                .iter()
                .map(ShownLink::new)
                .collect(),
        }
    }

    /// The field of `-f`: by label (by type, where there is no label) before type, standard before custom.
    pub(crate) fn field(&self, name: &str) -> Option<&ShownField<'r>> {
        let sections = [&self.fields, &self.custom].into_iter();
        sections.into_iter().find_map(|fields| {
            let named = fields.iter().find(|field| field.name == name);
            named.or_else(|| fields.iter().find(|field| field.kind == Some(name)))
        })
    }

    /// For queries.
    pub(crate) fn json(&self) -> Value {
        #[expect(clippy::expect_used, reason = "all keys are strings")]
        serde_json::to_value(self).expect("JSON")
    }
}

impl<'r> ShownField<'r> {
    fn new(field: &'r Field, masking: Masking, lookup: Option<Lookup<'_, 'r>>) -> Self {
        Self {
            label: field.label().or(field.kind()),
            kind: field.kind(),
            value: ShownValue::new(field, masking, lookup),
            name: field.name(),
            is_damaged: field.is_damaged(),
        }
    }

    pub(crate) fn first(&self) -> Option<&Value> {
        match self.value.value() {
            Value::Array(values) => values.first(),
            Value::Null => None,
            bare => Some(bare),
        }
    }
}

impl<'r> ShownValue<'r> {
    fn new(field: &'r Field, masking: Masking, lookup: Option<Lookup<'_, 'r>>) -> Self {
        let kind = field.kind();
        let hides_all = masking == Masking::Hidden && mask::hides_all(kind);
        let inflated = lookup
            .filter(|_| !hides_all)
            .and_then(|lookup| inflate::field(field, lookup));
        let shape = inflated.map_or(Self::Own(field.value()), Self::Inflated);
        match masking {
            Masking::Hidden => mask::masked(kind, shape.value()).map_or(shape, Self::Masked),
            Masking::Shown => shape,
        }
    }

    pub(super) fn value(&self) -> &Value {
        match self {
            Self::Own(value) => value,
            Self::Inflated(values) => values.expose(),
            Self::Masked(value) => value,
        }
    }
}

impl Serialize for ShownValue<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'r> ShownFile<'r> {
    fn new(file: &'r Attachment) -> Self {
        Self {
            uid: file.uid().as_str(),
            name: file.name(),
            title: file.title(),
            kind: file.kind(),
            last_modified: file.last_modified(),
            size: file.size(),
        }
    }
}

impl<'r> ShownLink<'r> {
    fn new(link: &'r Link) -> Self {
        Self {
            record_uid: &link.record_uid,
            data: link.data.as_deref(),
            path: link.path.as_deref(),
            decoded: link.decoded.as_ref().map(SensitiveJson::expose),
        }
    }
}
