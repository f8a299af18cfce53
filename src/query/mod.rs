//! The queries of `-q`: JSONPath in the dialect of the official CLI (D6).
//!
//! `lexer` cuts the text into tokens, `parser` makes a `path` of them, and `search` walks a value along the path. The walk
//! is counted, since a short query can lead to more places than there are atoms.

mod cursor;
mod lexer;
mod parser;
mod path;
mod search;

use std::borrow::Cow;

use serde_json::Value;

use crate::json;
use crate::limits::{Limit, QUERY_STEPS};
use path::{Path, Segment, Selector};
use search::{Search, Stop};

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
}

/// A query that would answer with more than there is room for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    #[error("the query leads to more than {QUERY_STEPS} places")]
    Steps,
    #[error("more than {}", Limit::QUERY_ANSWER)]
    Bytes,
}

#[derive(Debug)]
pub struct Query {
    /// `|` joins several.
    paths: Vec<Path>,
    /// Whether the query ended in `` .`len` ``.
    lengths: bool,
}

impl Query {
    pub fn find<'v>(&self, value: &'v Value) -> Result<Vec<Cow<'v, Value>>, TooMuch> {
        self.find_within(QUERY_STEPS, Limit::QUERY_ANSWER.bytes(), value)
    }

    fn find_within<'v>(
        &self,
        steps: usize,
        mut room: u64,
        value: &'v Value,
    ) -> Result<Vec<Cow<'v, Value>>, TooMuch> {
        let search = Search::new(value, steps);
        let mut found = Vec::new();
        for path in &self.paths {
            let ended = search.walk(value, on_root(path, value), &mut |place| {
                let place = match self.lengths {
                    false => Some(Cow::Borrowed(place)),
                    true => length(place).map(Cow::Owned),
                };
                let Some(place) = place else {
                    return Ok(());
                };
                room = room
                    .checked_sub(json::pretty_size(&place, 1) as u64)
                    .ok_or(Stop::Bytes)?;
                found.push(place);
                Ok(())
            });
            match ended {
                Err(Stop::Steps) => return Err(TooMuch::Steps),
                Err(Stop::Bytes) => return Err(TooMuch::Bytes),
                Err(Stop::Found) | Ok(()) => {}
            }
        }
        Ok(found)
    }
}

/// A leading `[*]` means an object itself.
fn on_root<'p>(path: &'p [Segment], value: &Value) -> &'p [Segment] {
    match path {
        [
            Segment {
                deep: false,
                selector: Selector::Elements,
            },
            rest @ ..,
        ] if value.is_object() => rest,
        path => path,
    }
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
