//! A record's JSON at one glance: what a list of records shows, and whether every field can be read. It copies nothing, since
//! a vault has thousands of records and a command wants one.

use std::fmt;

use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::lenient;
use crate::json::{self, Name};
use crate::wire::object::{self, Object};
use crate::wire::text::AnswerText;

/// What of a record can be told without keeping the rest of it.
#[derive(Default)]
pub(super) struct Outline<'a> {
    pub(super) title: AnswerText<'a>,
    /// The type.
    pub(super) kind: AnswerText<'a>,
}

impl<'a> Outline<'a> {
    /// Returns `None` for a record with anything unusual, such as damage or a title that is no text: that takes a closer
    /// look.
    pub(super) fn of(plain: &'a [u8]) -> Option<Self> {
        // What is skipped is not looked at, and has to be text as well.
        std::str::from_utf8(plain).ok()?;
        json::object(plain).ok()
    }
}

impl<'de> Object<'de> for Outline<'de> {
    fn take<A: MapAccess<'de>>(
        &mut self,
        name: AnswerText<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match &*name {
            "title" => self.title = map.next_value()?,
            "type" => self.kind = map.next_value()?,
            "notes" => object::value::<AnswerText<'de>, A>(map).map(drop)?,
            "fields" | "custom" => map.next_value::<Option<Fields>>().map(drop)?,
            _ => object::skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Outline<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        object::read(from)
    }
}

/// A list of objects, each with parts that can be read.
struct Fields;

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Fields, A::Error> {
                while items.next_element::<FieldOutline>()?.is_some() {}
                Ok(Fields)
            }
        }

        from.deserialize_seq(List)
    }
}

#[derive(Default)]
struct FieldOutline;

impl<'de> Object<'de> for FieldOutline {
    fn take<A: MapAccess<'de>>(
        &mut self,
        name: AnswerText<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match &*name {
            "type" | "label" | "value" => map.next_value::<Sound>().map(drop),
            _ => object::skip(map),
        }
    }
}

impl<'de> Deserialize<'de> for FieldOutline {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        object::read(from)
    }
}

/// Any JSON that is what it says: no half of a UTF-16 pair, no number beyond all doubles.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(SoundValue)
    }
}

struct SoundValue;

impl<'de> Visitor<'de> for SoundValue {
    type Value = Sound;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_str<E>(self, _: &str) -> Result<Sound, E> {
        Ok(Sound)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Sound, A::Error> {
        while items.next_element::<Sound>()?.is_some() {}
        Ok(Sound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sound, A::Error> {
        while let Some(name) = map.next_key::<Name<IgnoredAny>>()? {
            match name {
                Name::Member(_) => map.next_value::<Sound>().map(drop)?,
                Name::MarkOfNumber => {
                    let digits: String = map.next_value()?;
                    if !lenient::is_finite_number(&digits) {
                        return Err(A::Error::custom("a number beyond all doubles"));
                    }
                }
            }
        }
        Ok(Sound)
    }
}
