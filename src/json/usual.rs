//! Reads large JSON of the usual kind at several times the speed of a reader that takes every kind.

use std::fmt;

use ksm_kernels::json::{Reader, Text};
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// Returns `None` for what is unusual or damaged, which the other reader tells apart, and for more than `most` items in
/// lists.
pub(crate) fn usual<'de, T: Deserialize<'de>>(json: &'de str, most: usize) -> Option<T> {
    let mut source = Source {
        reader: Reader::new(json),
        items_left: most,
        depth: 0,
    };
    let value = T::deserialize(&mut source).ok()?;
    source.reader.is_done().then_some(value)
}

/// Bytes of an item of a long list: fewer than a record mostly has. Room that stays unused is no memory yet.
const ITEM: usize = 512;

struct Source<'de> {
    reader: Reader<'de>,
    items_left: usize,
    /// How many objects and lists are open.
    depth: usize,
}

impl Source<'_> {
    fn within<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}

#[derive(Debug, thiserror::Error)]
#[error("unusual JSON")]
struct Unusual;

impl de::Error for Unusual {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for &mut Source<'de> {
    type Error = Unusual;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unusual> {
        Err(Unusual)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.within(|source| visitor.visit_map(Parts::of(source)))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.within(|source| visitor.visit_seq(Parts::of(source)))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.reader.is_null().ok_or(Unusual)? {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        match self.reader.string().ok_or(Unusual)? {
            Text::Bare(text) => visitor.visit_borrowed_str(text),
            Text::Escaped(quoted) => {
                let text = serde_json::from_str(quoted).map_err(|_| Unusual)?;
                visitor.visit_string(text)
            }
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_i64(self.reader.integer().ok_or(Unusual)?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_bool(self.reader.boolean().ok_or(Unusual)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        self.reader.skip().ok_or(Unusual)?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct struct enum
        identifier
    }
}

/// The members of an object, or the items of a list.
struct Parts<'a, 'de> {
    source: &'a mut Source<'de>,
    is_first: bool,
}

impl<'a, 'de> Parts<'a, 'de> {
    fn of(source: &'a mut Source<'de>) -> Self {
        Self {
            source,
            is_first: true,
        }
    }

    fn is_first(&mut self) -> bool {
        std::mem::take(&mut self.is_first)
    }
}

impl<'de> MapAccess<'de> for Parts<'_, 'de> {
    type Error = Unusual;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unusual> {
        let is_first = self.is_first();
        let name = self.source.reader.member(is_first).ok_or(Unusual)?;
        name.map(|name| seed.deserialize(Name(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unusual> {
        seed.deserialize(&mut *self.source)
    }
}

struct Name<'de>(&'de str);

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Unusual;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unusual> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unusual> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Unusual;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unusual> {
        let is_first = self.is_first();
        if !self.source.reader.item(is_first).ok_or(Unusual)? {
            return Ok(None);
        }
        self.source.items_left = self.source.items_left.checked_sub(1).ok_or(Unusual)?;
        seed.deserialize(&mut *self.source).map(Some)
    }

    /// A guess for a list that the outermost object has, where it may be long. Others are many.
    fn size_hint(&self) -> Option<usize> {
        (self.source.depth == 2).then(|| self.source.reader.left() / ITEM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::reply::Secrets;

    #[test]
    fn what_it_reads_is_what_any_reader_reads() {
        let read = |json: &str| {
            let usual = usual::<Secrets<'_>>(json, 9)?;
            let exact: Secrets<'_> = crate::json::object(json.as_bytes()).unwrap();
            let told = |secrets: &Secrets<'_>| {
                let records = secrets.records.iter().map(|record| {
                    let links = record.links.iter().flatten();
                    let links = links.map(|link| link.path.as_ref().map(|path| path.to_string()));
                    let links: Vec<_> = links.collect();
                    let data = record.data.to_string();
                    (data, record.revision, record.is_editable, links)
                });
                let records: Vec<_> = records.collect();
                let warnings = format!("{:?}", secrets.warnings);
                (records, warnings, secrets.expires_on)
            };
            assert_eq!(told(&usual), told(&exact), "{json}");
            Some(told(&usual).0.len())
        };
        for (json, records) in [
            ("{}", Some(0)),
            (r#" { "records" : [ ] , "expiresOn" : -7 } "#, Some(0)),
            (
                r#"{"records":null,"expiresOn":null,"extra":{"x":[1.5,"y",null]}}"#,
                Some(0),
            ),
            (
                r#"{"records":[{"data":"a\/b"},{"data":"é","isEditable":true}]}"#,
                Some(2),
            ),
            (
                r#"{"records":[{}],"records":[{},{"revision":1,"revision":2}]}"#,
                Some(2),
            ),
            (
                r#"{"records":[{"links":[]},{"links":[{"path":"a"},{}]},{"links":null}]}"#,
                Some(3),
            ),
            (
                r#"{"warnings":["a\n","b"],"expiresOn":999999999999999999}"#,
                Some(0),
            ),
            (r#"{"expiresOn":9223372036854775807}"#, None),
            (r#"{"r\u0065cords":[{}]}"#, None),
            (r#"{"expiresOn":1e3}"#, None),
        ] {
            if records.is_none() {
                assert!(usual::<Secrets<'_>>(json, 9).is_none(), "{json}");
                continue;
            }
            assert_eq!(read(json), records, "{json}");
        }
    }

    #[test]
    fn damage_and_excess_are_left_to_the_other_reader() {
        let many = format!(r#"{{"records":[{}{{}}]}}"#, "{},".repeat(9));
        for json in [
            "",
            "[]",
            "null",
            "{",
            "{}x",
            r#"{"records":{}}"#,
            r#"{"records":[[]]}"#,
            r#"{"records":[{}"#,
            r#"{"records":[{},]}"#,
            r#"{"expiresOn":"1"}"#,
            r#"{"expiresOn":1.0}"#,
            r#"{"expiresOn":-0}"#,
            r#"{"appData":1}"#,
            r#"{"records":[{"isEditable":1}]}"#,
            &many,
        ] {
            assert!(usual::<Secrets<'_>>(json, 9).is_none(), "{json}");
        }
    }
}
