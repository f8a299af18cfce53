//! One field of a record: a type, perhaps a label, and a list of values (protocol.md 10).

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::sensitive::SensitiveJson;

/// A field as the record holds it.
#[derive(Debug, Clone, Default)]
pub struct Field {
    kind: Option<String>,
    label: Option<String>,
    value: SensitiveJson,
}

/// The members that mean something to us.
#[derive(Deserialize)]
enum Member {
    #[serde(rename = "type")]
    Kind,
    #[serde(rename = "label")]
    Label,
    #[serde(rename = "value")]
    Value,
    #[serde(other)]
    Other,
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
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field")
            }

            // Of duplicates the last counts, as for every other client; a derived reader would refuse them.
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field, A::Error> {
                let mut field = Field::default();
                while let Some(name) = map.next_key()? {
                    match name {
                        Member::Kind => field.kind = text(map.next_value()?),
                        Member::Label => field.label = text(map.next_value()?),
                        Member::Value => field.value = SensitiveJson::new(map.next_value()?),
                        Member::Other => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(field)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
