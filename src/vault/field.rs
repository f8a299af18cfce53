//! The fields of a record: each a type, perhaps a label, and a list of values (protocol 10).

use std::cell::OnceCell;

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::raw::{RawJson, RawObject};
use super::{Error, lenient};
use crate::sensitive::SensitiveJson;
use crate::wire::object::{self, Object};
use crate::wire::text::AnswerText;

#[derive(Debug, Clone, Default)]
pub struct Field {
    kind: Option<String>,
    label: Option<String>,
    value: SensitiveJson,
    is_damaged: bool,
}

impl Field {
    /// Reads a field whose value may be damaged.
    pub(super) fn read(json: &str) -> Result<Self, serde_json::Error> {
        let field = match serde_json::from_str(json) {
            Ok(field) => field,
            Err(_) => Self::read_leniently(json)?,
        };
        Ok(field.checked())
    }

    fn read_leniently(json: &str) -> Result<Self, serde_json::Error> {
        let members: RawObject = serde_json::from_str(json)?;
        let member =
            |name| lenient::read::<SensitiveJson>(members.get(name).map_or("null", RawValue::get));
        let value = member("value")?;
        Ok(Self {
            kind: text(&member("type")?.value),
            label: text(&member("label")?.value),
            is_damaged: value.is_damaged,
            value: value.value,
        })
    }

    fn checked(mut self) -> Self {
        if self.is_damaged || !lenient::is_finite(self.value.expose()) {
            self.value = SensitiveJson::default();
            self.is_damaged = true;
        }
        self
    }

    /// The type, such as `password`.
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// As written; may be empty.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The label, or the type if there is no label.
    pub fn name(&self) -> &str {
        let label = self.label().filter(|label| !label.is_empty());
        label.or(self.kind()).unwrap_or_default()
    }

    /// Whether the value is none that JSON knows, such as `NaN`. It is then left out.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// As written; `null` if there is none.
    pub fn value(&self) -> &Value {
        self.value.expose()
    }

    /// A bare value counts as a list of one, `null` as an empty list.
    pub fn values(&self) -> &[Value] {
        match self.value() {
            Value::Array(values) => values,
            Value::Null => &[],
            bare => std::slice::from_ref(bare),
        }
    }
}

impl<'de> Object<'de> for Field {
    fn take<A: MapAccess<'de>>(
        &mut self,
        name: AnswerText<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match &*name {
            "type" => self.kind = text(&map.next_value()?),
            "label" => self.label = text(&map.next_value()?),
            "value" => self.value = map.next_value()?,
            _ => object::skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::read(deserializer)
    }
}

fn text(value: &SensitiveJson) -> Option<String> {
    value.expose().as_str().map(str::to_owned)
}

/// The fields of one section: checked when the record is opened, kept once they are asked for. Listing ten thousand
/// records asks for none.
#[derive(Clone, Default)]
pub(super) struct LazyFields(OnceCell<Vec<Field>>);

impl LazyFields {
    /// The names of those that are damaged. A list that cannot be read is damage of the record; to take it for none would
    /// say that a secret is not there.
    pub(super) fn check(json: Option<&RawValue>) -> Result<Vec<String>, Error> {
        let fields =
            read(json).map_err(|error| Error::malformed("the fields of a record", &error))?;
        let damaged = fields.iter().filter(|field| field.is_damaged());
        Ok(damaged.map(|field| field.name().to_owned()).collect())
    }

    /// Reads `json`, which was checked.
    pub(super) fn get(&self, json: Option<&RawValue>) -> &[Field] {
        self.0.get_or_init(|| read(json).unwrap_or_default())
    }
}

fn read(json: Option<&RawValue>) -> Result<Vec<Field>, serde_json::Error> {
    let json = json.map_or("null", RawValue::get);
    if let Ok(fields) = serde_json::from_str::<Option<Vec<Field>>>(json) {
        return Ok(fields.into_iter().flatten().map(Field::checked).collect());
    }
    let fields: Option<Vec<RawJson>> = serde_json::from_str(json)?;
    let fields = fields.iter().flatten();
    fields.map(|field| Field::read(field.get())).collect()
}
