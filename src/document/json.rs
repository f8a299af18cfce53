//! JSON whose numbers keep their spelling, taken apart in one pass.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{DEPTH, Error, Node};
use crate::sensitive::Sensitive;

pub(super) fn read(text: &str) -> Result<Node, Error> {
    let raw: &RawValue = parse(text)?;
    Rest(raw.get()).node(DEPTH)
}

fn parse<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Json {
        row: error.line(),
        column: error.column(),
    })
}

/// What is left of a text that is JSON.
struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    fn node(&mut self, depth: usize) -> Result<Node, Error> {
        let below = || depth.checked_sub(1).ok_or(Error::TooLarge);
        Ok(match self.next() {
            Some('{') => {
                let depth = below()?;
                let mut members = Vec::new();
                while self.opens_item('{', '}') {
                    let name = parse(self.text())?;
                    self.next();
                    self.take(1);
                    members.push((name, self.node(depth)?));
                }
                Node::Object(members)
            }
            Some('[') => {
                let depth = below()?;
                let mut items = Vec::new();
                while self.opens_item('[', ']') {
                    items.push(self.node(depth)?);
                }
                Node::List(items)
            }
            Some('"') => Node::Text(Sensitive::new(parse(self.text())?)),
            _ => match self.bare() {
                "null" => Node::Null,
                bare => Node::bare(bare),
            },
        })
    }

    fn next(&mut self) -> Option<char> {
        self.0 = self.0.trim_ascii_start();
        self.0.chars().next()
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.0.split_at_checked(length).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }

    /// Passes the bracket that opens a list, the comma behind an item, or the bracket that closes.
    fn opens_item(&mut self, open: char, close: char) -> bool {
        let passed = self.next();
        self.take(1);
        match passed {
            Some(',') => true,
            Some(bracket) if bracket == open => {
                let is_empty = self.next() == Some(close);
                self.take(usize::from(is_empty));
                !is_empty
            }
            _ => false,
        }
    }

    fn text(&mut self) -> &'t str {
        self.next();
        let mut is_escaped = false;
        let end = self.0.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            ends
        });
        self.take(end.map_or(self.0.len(), |end| end + 2))
    }

    fn bare(&mut self) -> &'t str {
        let end = self.0.find([',', ']', '}', ' ', '\t', '\r', '\n']);
        self.take(end.unwrap_or(self.0.len()))
    }
}
