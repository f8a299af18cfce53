//! What is to be done with each secret, worked out from values.

use std::collections::HashMap;

use super::destination::Traits;
use super::destination::{State, Write};
use super::documents;
use super::maps::Place;
use super::names::SecretName;
use crate::sensitive::{Sensitive, SensitiveJson};

/// A value of the vault.
#[derive(Debug, Clone)]
pub enum Source {
    /// The vault's answer is complete and lacks it, or it is empty.
    Missing,
    Text(Sensitive<String>),
    /// A record.
    Document(SensitiveJson),
    /// It is there and cannot be used, for this reason. Its destination stays as it is.
    Unusable(String),
}

/// A value and where it goes.
#[derive(Debug, Clone)]
pub struct Item {
    pub key: String,
    pub origin: String,
    pub place: Place,
    pub source: Source,
}

/// What happens to the destination of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Create,
    Update,
    Delete,
    Keep,
}

/// An item as its destination was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub exists: bool,
    /// Nothing differs from what is not there.
    pub differs: Option<bool>,
    pub action: Action,
}

/// The secrets that may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    Allowed,
    /// Missing values leave their destinations as they are.
    Never,
}

/// A secret, and the items that make its value.
#[derive(Debug)]
pub struct Target<'i> {
    pub name: &'i SecretName,
    pub items: Vec<&'i Item>,
}

/// The next call for a secret.
#[derive(Debug)]
pub enum Step {
    Keep,
    Restore,
    Write(Write, Sensitive<String>),
    Delete,
}

/// One target for each name, in the order of the items.
pub fn targets(items: &[Item]) -> Vec<Target<'_>> {
    let mut targets: Vec<Target<'_>> = Vec::new();
    let mut known = HashMap::new();
    for item in items {
        let name = &item.place.name;
        let at = *known.entry(name).or_insert(targets.len());
        match targets.get_mut(at) {
            Some(target) => target.items.push(item),
            None => targets.push(Target {
                name,
                items: vec![item],
            }),
        }
    }
    targets
}

impl Action {
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Keep => "keep",
        }
    }
}

impl Target<'_> {
    /// The call that leads from `state` to what is wanted. Fails with a reason.
    pub fn step(&self, state: &State, deletion: Deletion, traits: &Traits) -> Result<Step, String> {
        let wanted = match self.wanted(state, deletion)? {
            Wanted::AsItIs => return Ok(Step::Keep),
            Wanted::Gone => match state {
                State::Absent | State::Deleted => return Ok(Step::Keep),
                State::Present(_) | State::Opaque => return Ok(Step::Delete),
            },
            Wanted::Text(text) => text,
        };
        let length = wanted.expose().len();
        if length > traits.largest {
            let most = traits.largest;
            let service = traits.service;
            return Err(format!(
                "the value has {length} bytes, and {service} takes {most}"
            ));
        }
        Ok(match state {
            State::Absent => Step::Write(Write::Create, wanted),
            State::Deleted => Step::Restore,
            State::Present(_) | State::Opaque => Step::Write(Write::Update, wanted),
        })
    }

    fn wanted(&self, state: &State, deletion: Deletion) -> Result<Wanted, String> {
        match self.items.as_slice() {
            [Item { place, source, .. }] if place.member.is_none() => {
                whole(source, state, deletion)
            }
            items => members(items, state, deletion),
        }
    }
}

/// The value that a secret is to have.
enum Wanted {
    AsItIs,
    Gone,
    /// It has another one, or none.
    Text(Sensitive<String>),
}

fn whole(source: &Source, state: &State, deletion: Deletion) -> Result<Wanted, String> {
    Ok(match (source, state) {
        (Source::Missing, _) => match deletion {
            Deletion::Allowed => Wanted::Gone,
            Deletion::Never => Wanted::AsItIs,
        },
        (Source::Unusable(reason), _) => return Err(reason.clone()),
        (Source::Text(text), State::Present(stored)) if text == stored => Wanted::AsItIs,
        (Source::Text(text), _) => Wanted::Text(text.clone()),
        (Source::Document(document), State::Present(stored)) => {
            let is_equal =
                documents::object(stored).is_some_and(|stored| documents::equal(document, &stored));
            match is_equal {
                true => Wanted::AsItIs,
                false => Wanted::Text(documents::stored(&documents::preserving(document, stored))),
            }
        }
        (Source::Document(document), _) => Wanted::Text(documents::stored(document)),
    })
}

fn members(items: &[&Item], state: &State, deletion: Deletion) -> Result<Wanted, String> {
    let stored = match state {
        State::Present(stored) => Some(stored),
        State::Opaque => {
            return Err("what is stored is no text, so nothing can be put into it".to_owned());
        }
        State::Absent | State::Deleted => None,
    };
    let object = stored.and_then(documents::object);
    let mut members = object
        .as_ref()
        .and_then(documents::members)
        .cloned()
        .unwrap_or_default();
    let mut has_changed = false;
    for Item { place, source, .. } in items {
        let Some(member) = &place.member else {
            continue;
        };
        match source {
            Source::Text(text) => {
                let text = serde_json::Value::String(text.expose().clone());
                has_changed |= members.get(member) != Some(&text);
                members.insert(member.clone(), text);
            }
            Source::Missing if deletion == Deletion::Allowed => {
                has_changed |= members.shift_remove(member).is_some();
            }
            Source::Missing | Source::Document(_) | Source::Unusable(_) => {}
        }
    }
    let members = SensitiveJson::new(members.into());
    if !has_changed {
        return Ok(Wanted::AsItIs);
    }
    let members = match stored {
        Some(stored) => documents::preserving(&members, stored),
        None => members,
    };
    Ok(Wanted::Text(documents::stored(&members)))
}

impl Item {
    /// The destination as it is, and what is to happen to it. Fails with a reason.
    pub fn finding(&self, state: &State, deletion: Deletion) -> Result<Finding, String> {
        if let Source::Unusable(reason) = &self.source {
            return Err(reason.clone());
        }
        let (exists, is_equal) = match (&self.place.member, state) {
            (_, State::Absent | State::Deleted) => (false, false),
            (None, State::Opaque) => (true, false),
            (Some(_), State::Opaque) => {
                return Err("what is stored is no text, so nothing can be put into it".to_owned());
            }
            (None, State::Present(stored)) => (
                true,
                match &self.source {
                    Source::Text(text) => text == stored,
                    Source::Document(document) => documents::object(stored)
                        .is_some_and(|stored| documents::equal(document, &stored)),
                    Source::Missing | Source::Unusable(_) => false,
                },
            ),
            (Some(member), State::Present(stored)) => {
                let object = documents::object(stored);
                let found = object
                    .as_ref()
                    .and_then(documents::members)
                    .and_then(|members| members.get(member));
                let is_equal = match (&self.source, found) {
                    (Source::Text(text), Some(found)) => found.as_str() == Some(text.expose()),
                    _ => false,
                };
                (found.is_some(), is_equal)
            }
        };
        let action = match (&self.source, exists, deletion) {
            (Source::Missing, true, Deletion::Allowed) => Action::Delete,
            (Source::Missing, _, _) => Action::Keep,
            (_, false, _) => Action::Create,
            (_, true, _) if is_equal => Action::Keep,
            (_, true, _) => Action::Update,
        };
        Ok(Finding {
            exists,
            differs: exists.then_some(!is_equal),
            action,
        })
    }
}

#[cfg(test)]
mod tests;
