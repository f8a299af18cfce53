//! The queries of `-q`: JSONPath in the dialect of the official CLI, answered by a standard (RFC 9535) engine.
//!
//! `token` cuts the text up, `cursor` walks through it, `path` and `filter` write standard paths, this file runs them.

mod cursor;
mod filter;
mod lexer;
mod path;

use std::borrow::Cow;

use serde_json::Value;
use serde_json_path::{JsonPath, LocatedNode};

/// Why a query was refused. Positions count characters from 1; the query itself is not repeated.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Text that cannot stand where it stands.
    #[error("unexpected {found} at character {position}")]
    Unexpected {
        /// What stands there, as it was typed, or `the end`.
        found: String,
        /// Where it begins.
        position: usize,
    },
    /// A quoted text without its closing quote.
    #[error("the quote opened at character {0} is not closed")]
    OpenQuote(usize),
    /// A feature of the official dialect that this program does not have.
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    /// Something that makes sense, though not here.
    #[error("{0}")]
    Misplaced(&'static str),
    /// Filters or parentheses inside each other beyond the limit.
    #[error("filters are nested too deeply")]
    TooDeep,
    /// The engine refuses what we made of it: a number out of range, for instance.
    #[error("{0}")]
    Engine(String),
}

/// A query ready to run.
#[derive(Debug)]
pub struct Query {
    alternatives: Vec<Alternative>,
    /// The query ended in `` .`len` ``.
    lengths: bool,
}

/// One of the paths that `|` joins.
#[derive(Debug)]
struct Alternative {
    path: JsonPath,
    /// What to run instead on an object, where a leading `[*]` means the object itself.
    on_object: Option<JsonPath>,
    members: Vec<path::Place>,
}

impl Query {
    /// Reads a query in the official dialect.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let plan = path::Plan::parse(text)?;
        let alternatives = plan.paths.iter().map(Alternative::compile);
        Ok(Self {
            alternatives: alternatives.collect::<Result<_, _>>()?,
            lengths: plan.lengths,
        })
    }

    /// Everything in `value` that the query selects, in order.
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
    fn compile(path: &path::Path) -> Result<Self, Error> {
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
        self.members.iter().all(|place| {
            let step = match *place {
                path::Place::FromStart(n) => steps.get(n),
                path::Place::FromEnd(n) => steps.iter().rev().nth(n),
            };
            step.is_none_or(|step| step.is_name())
        })
    }
}

fn engine(standard: &str) -> Result<JsonPath, Error> {
    JsonPath::parse(standard).map_err(|error| Error::Engine(error.message().to_owned()))
}

/// The number of elements, members or characters; nothing for what has no length.
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
