//! JSON whose numbers keep their spelling.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{DEPTH, Error, Node};
use crate::sensitive::Sensitive;

pub(super) fn read(text: &str) -> Result<Node, Error> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    node(raw, DEPTH)
}

fn node(raw: &RawValue, depth: usize) -> Result<Node, Error> {
    let text = raw.get();
    let below = || depth.checked_sub(1).ok_or(Error::TooLarge);
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = parse(text)?;
            let depth = below()?;
            let member = |(name, raw)| Ok((name, node(raw, depth)?));
            Node::Object(members.into_iter().map(member).collect::<Result<_, _>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = parse(text)?;
            let depth = below()?;
            let items = items.into_iter().map(|raw| node(raw, depth));
            Node::List(items.collect::<Result<_, _>>()?)
        }
        Some(b'"') => Node::Text(Sensitive::new(parse(text)?)),
        _ if text == "null" => Node::Null,
        _ => Node::Bare(Sensitive::new(text.to_owned())),
    })
}

fn parse<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| wrong(&error))
}

fn wrong(error: &serde_json::Error) -> Error {
    Error::Json {
        row: error.line(),
        column: error.column(),
    }
}

/// The members of an object in order, repeated names included.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'t> Visitor<'t> for InOrder {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
