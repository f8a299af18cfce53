//! The queries of `-q`: JSONPath in the dialect of the official CLI, answered by a standard (RFC 9535) engine.
//!
//! `lexer` cuts the text into tokens, `parser` steps through them with a `cursor` and builds `standard` paths, and
//! `Query` runs those.

mod cursor;
mod lexer;
mod parser;
mod standard;

use std::borrow::Cow;

use serde_json::Value;
use serde_json_path::{JsonPath, LocatedNode};

use standard::{ParsedQuery, Position};

/// Positions count characters from 1; the query itself is not repeated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("unexpected {found} at character {position}")]
    Unexpected {
        /// A sign as typed, the kind of a longer token, or `end`.
        found: String,
        position: usize,
    },
    #[error("the quote opened at character {0} is not closed")]
    OpenQuote(usize),
    /// A feature of the official dialect that we do not have.
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    /// Valid elsewhere in a query.
    #[error("{0}")]
    Misplaced(&'static str),
    #[error("filters are nested too deeply")]
    TooDeep,
    /// Refused by the engine: a number out of range, for instance.
    #[error("{0}")]
    Engine(String),
}

#[derive(Debug)]
pub struct Query {
    alternatives: Vec<Alternative>,
    /// Whether the query ended in `` .`len` ``.
    lengths: bool,
}

/// A path; `|` joins several.
#[derive(Debug)]
struct Alternative {
    path: JsonPath,
    /// Runs instead on an object, where a leading `[*]` means the object itself.
    on_object: Option<JsonPath>,
    /// Positions at which the way to a node has to name a member.
    members: Vec<Position>,
}

impl Query {
    pub fn parse(text: &str) -> Result<Self, Error> {
        let parsed = ParsedQuery::parse(text)?;
        let alternatives = parsed.paths.iter().map(Alternative::compile);
        Ok(Self {
            alternatives: alternatives.collect::<Result<_, _>>()?,
            lengths: parsed.lengths,
        })
    }

    pub fn find<'v>(&self, value: &'v Value) -> Vec<Cow<'v, Value>> {
        let found = self.alternatives.iter().flat_map(|one| one.find(value));
        if self.lengths {
            found.filter_map(length).map(Cow::Owned).collect()
        } else {
            found.map(Cow::Borrowed).collect()
        }
    }
}

impl Alternative {
    fn compile(path: &standard::Path) -> Result<Self, Error> {
        Ok(Self {
            path: engine(&path.standard())?,
            on_object: path
                .on_object()
                .map(|path| engine(&path.standard()))
                .transpose()?,
            members: path.members_only(),
        })
    }

    fn find<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        let path = self.on_object.as_ref().filter(|_| value.is_object());
        let nodes = path.unwrap_or(&self.path).query_located(value).all();
        let nodes = nodes.into_iter().filter(|node| self.allows(node));
        nodes.map(|node| node.node()).collect()
    }

    /// A `.*` means the members of an object and never the elements of a list, which the standard does not tell apart.
    fn allows(&self, node: &LocatedNode<'_>) -> bool {
        let steps: Vec<_> = node.location().iter().collect();
        self.members.iter().all(|position| {
            let step = match *position {
                Position::FromStart(n) => steps.get(n),
                Position::FromEnd(n) => steps.iter().rev().nth(n),
            };
            step.is_none_or(|step| step.is_name())
        })
    }
}

fn engine(standard: &str) -> Result<JsonPath, Error> {
    JsonPath::parse(standard).map_err(|error| Error::Engine(error.message().to_owned()))
}

/// Counts elements, members or characters.
fn length(value: &Value) -> Option<Value> {
    let count = match value {
        Value::Array(list) => list.len(),
        Value::Object(members) => members.len(),
        Value::String(text) => text.chars().count(),
        Value::Null | Value::Bool(_) | Value::Number(_) => return None,
    };
    Some(count.into())
}

#[cfg(test)]
mod tests;
