//! JSON of others, read as the thing that is expected. Serde's own readers are wider: a derived struct takes a list for an
//! object, and a [`Value`] takes an object with one member of a certain name for a number.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Map, Number, Value};

/// Reads any JSON as it is written.
pub fn value(json: &[u8]) -> Result<Value, Error> {
    read(json).map(|Exact(value)| value)
}

/// Reads an object, and nothing else.
pub fn members(json: &[u8]) -> Result<Map<String, Value>, Error> {
    match value(json)? {
        Value::Object(members) => Ok(members),
        _ => Err(Error::custom("expected an object")),
    }
}

/// Reads an object, and nothing else, as a struct.
pub fn object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, Error> {
    read(json).map(|Object(read)| read)
}

/// Reads a value that was read before as [`object`] reads a text.
#[cfg(feature = "dev-vault")]
pub(crate) fn object_of<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Error> {
    #[expect(clippy::disallowed_methods, reason = "`Object` says what is expected")]
    serde_json::from_value(value).map(|Object(read)| read)
}

#[expect(clippy::disallowed_methods, reason = "the type says what is expected")]
fn read<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, Error> {
    // Of bytes each text is checked, of a text none.
    match str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    }
}

/// Any JSON as it is written.
#[derive(Debug, Clone)]
pub(crate) struct Exact(pub(crate) Value);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyValue).map(Self)
    }
}

/// A struct that is read from an object only, within another.
#[derive(Default)]
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::deserialize(Members(from)).map(Self)
    }
}

struct Members<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Members<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Exact(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key()? {
            match name {
                Name::Member(name) => {
                    let Exact(value) = map.next_value()?;
                    members.insert(name, value);
                }
                Name::MarkOfNumber => {
                    let digits: String = map.next_value()?;
                    return digits.parse().map(Value::Number).map_err(A::Error::custom);
                }
            }
        }
        Ok(members.into())
    }

    // Of a value that was read before. Of a text, numbers are digits.
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Number::from_u128(value).into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Number::from_i128(value).into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
}

/// `serde_json` hands over a number as an object whose only member has a name of its own, and its digits. That name is a
/// bare text whatever is asked for; the name of a member in a text is what is asked for, here a newtype.
enum Name {
    Member(String),
    MarkOfNumber,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Form;

        impl<'de> Visitor<'de> for Form {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Name, D::Error> {
                String::deserialize(from).map(Name::Member)
            }

            fn visit_str<E>(self, _: &str) -> Result<Name, E> {
                Ok(Name::MarkOfNumber)
            }
        }

        from.deserialize_newtype_struct("Name", Form)
    }
}
