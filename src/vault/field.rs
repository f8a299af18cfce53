//! The fields of a record: each a type, perhaps a label, and a list of values (protocol 10).

use std::cell::OnceCell;

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Error;
use crate::sensitive::SensitiveJson;
use crate::wire::object::{self, Object};
use crate::wire::text::AnswerText;

#[derive(Debug, Clone, Default)]
pub struct Field {
    kind: Option<String>,
    label: Option<String>,
    value: SensitiveJson,
}

impl Field {
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
            "type" => self.kind = text(map.next_value()?),
            "label" => self.label = text(map.next_value()?),
            "value" => self.value = SensitiveJson::new(map.next_value()?),
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

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The fields of one section: checked when the record is opened, kept once they are asked for. Listing ten thousand
/// records asks for none.
#[derive(Clone, Default)]
pub(super) struct LazyFields(OnceCell<Vec<Field>>);

impl LazyFields {
    /// Fields that cannot be read are damage; to take them for none would say that a secret is not there.
    pub(super) fn check(json: Option<&RawValue>) -> Result<(), Error> {
        let Some(json) = json else {
            return Ok(());
        };
        serde_json::from_str::<Option<Vec<Field>>>(json.get())
            .map(drop)
            .map_err(|error| Error::malformed("the fields of a record", &error))
    }

    /// Reads `json`, which was checked.
    pub(super) fn get(&self, json: Option<&RawValue>) -> &[Field] {
        self.0.get_or_init(|| {
            let fields = json.and_then(|json| serde_json::from_str(json.get()).ok());
            fields.flatten().unwrap_or_default()
        })
    }
}
