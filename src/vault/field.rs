//! One field of a record: a type, perhaps a label, and a list of values (protocol.md 10).

use serde::Deserialize;
use serde_json::Value;

use crate::sensitive::SensitiveJson;

/// A field as the record holds it.
#[derive(Debug, Clone)]
pub struct Field {
    kind: Option<String>,
    label: Option<String>,
    value: SensitiveJson,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "type", default)]
    kind: Value,
    #[serde(default)]
    label: Value,
    #[serde(default)]
    value: Value,
}

impl Field {
    /// The type, such as `password`.
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// The label as written, which may be empty.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// What people call the field: its label, or its type if there is none.
    pub fn name(&self) -> &str {
        let label = self.label().filter(|label| !label.is_empty());
        label.or(self.kind()).unwrap_or_default()
    }

    /// The value as written; `null` if there is none.
    pub fn value(&self) -> &Value {
        self.value.expose()
    }

    /// The values: a list as it is, a bare one as a list of one, none as an empty list.
    pub fn values(&self) -> &[Value] {
        match self.value() {
            Value::Array(values) => values,
            Value::Null => &[],
            bare => std::slice::from_ref(bare),
        }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let text = |value: Value| match value {
            Value::String(text) => Some(text),
            _ => None,
        };
        Ok(Self {
            kind: text(wire.kind),
            label: text(wire.label),
            value: SensitiveJson::new(wire.value),
        })
    }
}
