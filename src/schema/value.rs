//! The value that a field stores for a given text or document. Texts stay texts; a value that does not fit is refused
//! (FIX 4).

use serde_json::{Map, Value};

use super::date;
use super::value_shape::{ObjectMember, ValueShape};
use super::{FieldType, Slot};
use crate::document::Node;
use crate::sensitive::SensitiveJson;
use crate::suggest::{self, STRICT};

/// Does not quote the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the value of `{place}` {what}")]
pub struct ValueError {
    /// The field type and the members that lead to the value: `phone.type`.
    pub place: String,
    pub what: String,
    pub suggestion: Option<String>,
}

/// An error lists no more choices than this.
const LISTED: usize = 8;

impl FieldType {
    /// Reads an argument of the command line: as JSON only for objects, and for lists where several values may be; an
    /// empty text is no value.
    pub fn values_of_text(
        &self,
        text: &str,
        slot: Option<&Slot>,
    ) -> Result<Vec<SensitiveJson>, ValueError> {
        let several = self.several || slot.is_some_and(|slot| slot.several);
        let decoded = match text.trim_start().as_bytes().first() {
            Some(b'{') if self.is_object() => true,
            Some(b'[') => self.is_object() || several,
            _ => false,
        };
        if decoded {
            return self.values(&json(text, &self.name)?);
        }
        self.values(&Node::text(text))
    }

    /// Reads a list of values, or one value. Empty nodes are no values.
    pub fn values(&self, node: &Node) -> Result<Vec<SensitiveJson>, ValueError> {
        let items = match node {
            Node::List(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        let said = items.iter().filter(|item| !item.is_empty());
        let values = said
            .map(|item| self.value(item))
            .collect::<Result<Vec<_>, _>>()?;
        let says = |value: &SensitiveJson| !is_hollow(value.expose());
        Ok(values.into_iter().filter(says).collect())
    }

    pub fn value(&self, node: &Node) -> Result<SensitiveJson, ValueError> {
        read(&self.shape, node, &self.name, self.open).map(SensitiveJson::new)
    }

    /// Reads an argument of the command line as the value of one member.
    pub fn member(&self, name: &str, text: &str) -> Result<SensitiveJson, ValueError> {
        let place = format!("{}.{name}", self.name);
        let member = self.find_member(name)?;
        let node = match (&member.shape, text.trim_start().as_bytes().first()) {
            (ValueShape::Object { .. }, Some(b'{')) | (ValueShape::List, Some(b'[')) => {
                json(text, &place)?
            }
            _ => Node::text(text),
        };
        read(&member.shape, &node, &place, self.open).map(SensitiveJson::new)
    }

    pub(super) fn find_member(&self, name: &str) -> Result<&ObjectMember, ValueError> {
        let ValueShape::Object { members } = &self.shape else {
            return Err(self.wrong(&format!("has no members, so there is no `{name}` in it")));
        };
        let found = members.iter().find(|member| member.name == name);
        found.ok_or_else(|| unknown_member(members, name, &self.name))
    }

    /// Tells of each member of `value` that values of this type do not have, unless the type takes any.
    pub fn unknown_members(&self, value: &Value) -> Vec<(String, ValueError)> {
        let (ValueShape::Object { members }, Value::Object(given)) = (&self.shape, value) else {
            return Vec::new();
        };
        let is_known = |name: &str| self.open || members.iter().any(|member| member.name == name);
        let unknown = given.keys().filter(|name| !is_known(name));
        unknown
            .map(|name| (name.clone(), unknown_member(members, name, &self.name)))
            .collect()
    }

    fn wrong(&self, what: &str) -> ValueError {
        wrong(&self.name, what)
    }
}

fn json(text: &str, place: &str) -> Result<Node, ValueError> {
    let node = Node::from_json(text).map_err(|_| wrong(place, "looks like JSON and is not"))?;
    match node.repeated() {
        None => Ok(node),
        Some(member) => Err(wrong(place, &format!("has the member `{member}` twice"))),
    }
}

fn wrong(place: &str, what: &str) -> ValueError {
    ValueError {
        place: place.to_owned(),
        what: what.to_owned(),
        suggestion: None,
    }
}

fn unknown_member(members: &[ObjectMember], name: &str, place: &str) -> ValueError {
    let known = || members.iter().map(|member| member.name.as_str());
    ValueError {
        suggestion: suggest::closest(name, known(), STRICT),
        ..wrong(
            place,
            &format!(
                "has no member `{name}`; there are {}",
                known().collect::<Vec<_>>().join(", ")
            ),
        )
    }
}

fn read(shape: &ValueShape, node: &Node, place: &str, open: bool) -> Result<Value, ValueError> {
    if matches!(shape, ValueShape::List) {
        return Ok(match node {
            Node::List(_) => node.to_json(),
            one => Value::Array(vec![one.to_json()]),
        });
    }
    if let ValueShape::Object { members } = shape {
        return object(members, node, place, open);
    }
    let Some(text) = node.spelling() else {
        return Err(wrong(
            place,
            "is a list or an object, where one value is wanted",
        ));
    };
    match shape {
        ValueShape::Text { pattern } => match pattern {
            Some(pattern) if !pattern.fits(text) => {
                Err(wrong(place, &format!("is not {}", pattern.wanted())))
            }
            _ => Ok(text.into()),
        },
        ValueShape::Date => date::milliseconds(text).map(Value::from).ok_or_else(|| {
            wrong(
                place,
                "is not a date such as 2024-12-31, nor milliseconds since 1970",
            )
        }),
        ValueShape::Flag => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => Err(wrong(place, "is neither `true` nor `false`")),
        },
        ValueShape::Number => {
            let number = text.trim().parse::<i64>();
            number
                .map(Value::from)
                .map_err(|_| wrong(place, "is not a whole number"))
        }
        ValueShape::Choice { choices } => choice(choices, text, place),
        ValueShape::List | ValueShape::Object { .. } => Ok(node.to_json()),
    }
}

fn choice(choices: &[String], text: &str, place: &str) -> Result<Value, ValueError> {
    let found = choices
        .iter()
        .find(|choice| choice.eq_ignore_ascii_case(text));
    found.map(|choice| choice.as_str().into()).ok_or_else(|| {
        let what = if choices.len() > LISTED {
            "is none of the words that it may be".to_owned()
        } else {
            format!("is none of {}", choices.join(", "))
        };
        ValueError {
            suggestion: suggest::closest(text, choices.iter().map(String::as_str), STRICT),
            ..wrong(place, &what)
        }
    })
}

/// Keeps the order of the given members and drops empty ones.
fn object(
    members: &[ObjectMember],
    node: &Node,
    place: &str,
    open: bool,
) -> Result<Value, ValueError> {
    let Node::Object(given) = node else {
        let names: Vec<_> = members.iter().map(|member| member.name.as_str()).collect();
        let what = format!("is not an object; it has the members {}", names.join(", "));
        return Err(wrong(place, &what));
    };
    let mut values = Map::new();
    for (name, node) in given {
        let value = match members.iter().find(|member| &member.name == name) {
            // An empty text is a value for members that take any text.
            Some(member) if node.is_empty() && !takes_empty(member, node) => continue,
            Some(member) => read(&member.shape, node, &format!("{place}.{name}"), open)?,
            None if open => node.to_json(),
            None => return Err(unknown_member(members, name, place)),
        };
        if !value.as_object().is_some_and(Map::is_empty) {
            values.insert(name.clone(), value);
        }
    }
    Ok(Value::Object(values))
}

fn takes_empty(member: &ObjectMember, node: &Node) -> bool {
    let is_any = matches!(member.shape, ValueShape::Text { pattern: None });
    is_any && node.spelling().is_some()
}

/// True for an object of empty texts.
fn is_hollow(value: &Value) -> bool {
    let members = value.as_object().map(Map::values);
    members.is_some_and(|mut members| members.all(|member| member == ""))
}
