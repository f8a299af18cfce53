//! The fields of one section of a record: checked when it is opened, kept once somebody looks at them. In a list of ten
//! thousand records nobody looks at any.

use std::cell::OnceCell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Error;
use super::field::Field;

/// The fields, as far as they were looked at.
#[derive(Clone, Default)]
pub(super) struct Fields(OnceCell<Vec<Field>>);

impl Fields {
    /// Fields that cannot be read are damage; to take them for none would say that a secret is not there.
    pub(super) fn check(json: Option<&RawValue>) -> Result<(), Error> {
        let Some(json) = json else {
            return Ok(());
        };
        serde_json::from_str::<Option<Each>>(json.get())
            .map(drop)
            .map_err(|error| Error::malformed("the fields of a record", &error))
    }

    /// What `json` says, which was checked.
    pub(super) fn read(&self, json: Option<&RawValue>) -> &[Field] {
        self.0.get_or_init(|| {
            let fields = json.and_then(|json| serde_json::from_str(json.get()).ok());
            fields.flatten().unwrap_or_default()
        })
    }
}

/// A list of fields, each read and forgotten.
struct Each;

impl<'de> Deserialize<'de> for Each {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Each;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of fields")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Each, A::Error> {
                while list.next_element::<Field>()?.is_some() {}
                Ok(Each)
            }
        }

        deserializer.deserialize_seq(List)
    }
}
