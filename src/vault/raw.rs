//! JSON as its writer wrote it: members in order, duplicates and number spelling included (D28).

use std::fmt;

use serde::de::{Error as _, MapAccess};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::Error;
use super::lenient::{self, Reading};
use crate::json;
use crate::sensitive::Wipe;
use crate::wire::object::{self, Object};
use crate::wire::text::AnswerText;

/// Any JSON. It does not print and is wiped when dropped.
#[derive(Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct RawJson(Box<RawValue>);

impl RawJson {
    /// Encodes compactly.
    pub(super) fn of(value: &impl Serialize) -> Result<Self, serde_json::Error> {
        to_raw_value(value).map(Self)
    }

    pub(super) fn get(&self) -> &str {
        self.0.get()
    }
}

impl Drop for RawJson {
    fn drop(&mut self) {
        let json = std::mem::replace(&mut self.0, RawValue::NULL.to_owned());
        String::from(Box::<str>::from(json)).wipe();
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

/// An object. It prints as the names of its members.
#[derive(Clone, Default, PartialEq)]
pub struct RawObject(Vec<(String, RawJson)>);

impl RawObject {
    /// Of duplicates the last counts, as for every other client.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        let members = self.0.iter().rev();
        let mut named = members.filter(|(known, _)| known == name);
        named.next().map(|(_, json)| &*json.0)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(name, json)| (name.as_str(), &*json.0))
    }

    /// Replaces the value that [`Self::get`] finds, else appends a member.
    pub(super) fn set(&mut self, name: &str, json: RawJson) {
        match self.0.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, old)) => *old = json,
            None => self.0.push((name.to_owned(), json)),
        }
    }

    /// Reads the JSON of a record. Texts stand for what JSON does not know, see [`lenient::marked`].
    pub(super) fn of_record(plain: &[u8]) -> Result<Self, Error> {
        if json::is_crowded(plain) {
            let error = serde_json::Error::custom("it lists too many things");
            return Err(Error::malformed("a record", &error));
        }
        let read = json::object(plain).or_else(|error| match lenient::marked(plain) {
            Some(marked) => json::object(marked.expose()),
            None => Err(error),
        });
        read.map_err(|error| Error::malformed("a record", &error))
    }

    /// A text, perhaps damaged; none if the member is no text.
    pub(super) fn text(&self, name: &str) -> Option<Reading<String>> {
        lenient::read(self.get(name)?.get()).ok()
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

impl<'de> Object<'de> for RawObject {
    fn take<A: MapAccess<'de>>(
        &mut self,
        name: AnswerText<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.0.push(((*name).to_owned(), map.next_value()?));
        Ok(())
    }
}

impl<'de> Deserialize<'de> for RawObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::read(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_lists_too_much_is_damaged() {
        let record = |count| format!(r#"{{"fields":[{}]}}"#, vec!["1"; count].join(","));
        assert!(RawObject::of_record(record(9_000).as_bytes()).is_ok());
        assert!(RawObject::of_record(record(20_000).as_bytes()).is_err());
    }

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
