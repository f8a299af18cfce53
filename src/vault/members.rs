//! A JSON object as its writer wrote it: members in order, duplicates and number spelling included (decision D28).

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zeroize::Zeroize;

/// The members of an object, each with its JSON untouched. Their texts are wiped when dropped.
#[derive(Clone, Default)]
pub struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    /// The JSON of the first member with this name.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, json)| json)
    }

    /// Names and JSON, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0
            .iter()
            .map(|(name, json)| (name.as_str(), json.as_ref()))
    }

    /// The first member with this name, if it reads as a `T`.
    pub(super) fn read<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Option<T> {
        serde_json::from_str(self.get(name)?.get()).ok()
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        let text = |members: &Self| -> Vec<(String, String)> {
            members
                .iter()
                .map(|(name, json)| (name.to_owned(), json.get().to_owned()))
                .collect()
        };
        text(self) == text(other)
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        for (_, json) in self.0.drain(..) {
            String::from(Box::<str>::from(json)).zeroize();
        }
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some(member) = map.next_entry()? {
                    members.0.push(member);
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn order_duplicates_and_spelling_survive() {
        let members: Members = serde_json::from_str(r#"{"b":1.50,"a":{"x" : 1},"b":1e3}"#).unwrap();
        let read = members
            .iter()
            .map(|(name, json)| format!("{name}={}", json.get()))
            .collect::<Vec<_>>();
        assert_eq!(read, ["b=1.50", r#"a={"x" : 1}"#, "b=1e3"]);
        assert_eq!(format!("{members:?}"), r#"["b", "a", "b"]"#);
    }
}
