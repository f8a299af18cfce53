//! A JSON object as its writer wrote it: members in order, duplicates and number spelling included (decision D28).

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use zeroize::Zeroize;

/// JSON as it was written. It does not print and is wiped when dropped.
#[derive(Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct RawJson(Box<RawValue>);

impl RawJson {
    /// Writes a value as compact JSON.
    pub(super) fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        to_raw_value(value).map(Self)
    }

    /// The JSON.
    pub(super) fn get(&self) -> &str {
        self.0.get()
    }
}

impl Drop for RawJson {
    fn drop(&mut self) {
        let json = std::mem::replace(&mut self.0, RawValue::NULL.to_owned());
        String::from(Box::<str>::from(json)).zeroize();
    }
}

/// The members of an object, each with its JSON untouched. Their texts are wiped when dropped.
#[derive(Clone, Default, PartialEq)]
pub struct RawObject(Vec<(String, RawJson)>);

impl RawObject {
    /// The JSON of the member with this name. Of duplicates the last counts, as for every other client.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        let members = self.0.iter().rev();
        let mut named = members.filter(|(known, _)| known == name);
        named.next().map(|(_, json)| &*json.0)
    }

    /// Names and JSON, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(name, json)| (name.as_str(), &*json.0))
    }

    /// Gives the member that [`Self::get`] reads another value; without one, there is one at the end.
    pub(super) fn set(&mut self, name: &str, json: RawJson) {
        match self.0.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, old)) => *old = json,
            None => self.0.push((name.to_owned(), json)),
        }
    }

    /// The member with this name, if it reads as a `T`.
    pub(super) fn read<'a, T: Deserialize<'a>>(&'a self, name: &str) -> Option<T> {
        serde_json::from_str(self.get(name)?.get()).ok()
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl fmt::Debug for RawObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Serialize for RawObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, json) in &self.0 {
            map.serialize_entry(name, json)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for RawObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = RawObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawObject, A::Error> {
                let mut members = RawObject::default();
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
mod tests {
    use super::*;

    #[test]
    fn order_duplicates_and_spelling_survive() {
        let json = r#"{"b":1.50,"a":{"x" : 1},"b":1e3}"#;
        let mut members: RawObject = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&members).unwrap(), json);
        assert_eq!(format!("{members:?}"), r#"["b", "a", "b"]"#);
        assert_eq!(members.get("b").unwrap().get(), "1e3");

        members.set("b", RawJson::of(&"new").unwrap());
        members.set("c", RawJson::of(&[1]).unwrap());
        assert_eq!(
            serde_json::to_string(&members).unwrap(),
            r#"{"b":1.50,"a":{"x" : 1},"b":"new","c":[1]}"#
        );
    }
}
