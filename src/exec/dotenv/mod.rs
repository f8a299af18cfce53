//! Reads files of `NAME=VALUE` lines as python-dotenv does without interpolation, except that a line it skips with a
//! warning is an error here. `tests/interop` compares the two, and node's dotenv, line by line.
//!
//! The maintained crates expand `$NAME`, which would change a password that contains one.

use std::fmt;

use crate::sensitive::Sensitive;

#[derive(Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    /// `None` for a bare name, which sets nothing.
    pub value: Option<Sensitive<String>>,
}

impl fmt::Debug for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Lines count from 1. Their text may be a secret and is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("line {line} is not NAME=VALUE")]
    NoAssignment { line: usize },
    #[error("the quotes in line {line} are not closed")]
    Unclosed { line: usize },
}

/// Returns the variables in the file's order, doubled names included.
pub fn parse(text: &str) -> Result<Vec<Variable>, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        rest: text,
        counted: text,
        line: 1,
    };
    let mut variables = Vec::new();
    loop {
        reader.rest = reader.rest.trim_start();
        if reader.rest.is_empty() {
            return Ok(variables);
        }
        let line = reader.line();
        if !reader.rest.starts_with('#') {
            variables.push(reader.variable(line)?);
        }
        reader.end_of_line(line)?;
    }
}

struct Reader<'t> {
    rest: &'t str,
    /// The text from the line that was counted last.
    counted: &'t str,
    line: usize,
}

impl<'t> Reader<'t> {
    fn variable(&mut self, line: usize) -> Result<Variable, Error> {
        if let Some(rest) = self.rest.strip_prefix("export")
            && rest.starts_with(is_blank)
        {
            self.rest = rest;
            self.skip_blanks();
        }
        let name = self.name().ok_or(Error::NoAssignment { line })?.to_owned();
        self.skip_blanks();
        let value = match self.rest.strip_prefix('=') {
            Some(rest) => {
                self.rest = rest;
                Some(self.value(line)?.into())
            }
            // A reader of YAML writes `NAME:VALUE`.
            None if name.contains(':') => return Err(Error::NoAssignment { line }),
            None => None,
        };
        Ok(Variable { name, value })
    }

    fn name(&mut self) -> Option<&'t str> {
        let name = match self.rest.strip_prefix('\'') {
            Some(quoted) => {
                let (name, rest) = quoted.split_once('\'')?;
                self.rest = rest;
                name
            }
            None => self.take_until(|c: char| c == '=' || c == '#' || c.is_whitespace()),
        };
        (!name.is_empty()).then_some(name)
    }

    fn value(&mut self, line: usize) -> Result<String, Error> {
        let before = self.rest.len();
        self.skip_blanks();
        match self.rest.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inside = self.quoted(quote).ok_or(Error::Unclosed { line })?;
                Ok(unescape(inside, quote))
            }
            // Only python-dotenv takes this comment for a value.
            Some('#') if self.rest.len() < before => Ok(String::new()),
            _ => {
                let all = self.take_until(is_newline);
                Ok(without_comment(all).trim_end().to_owned())
            }
        }
    }

    /// Reads up to the closing quote, over several lines if need be. A quote that a backslash escapes closes only if no
    /// later one does, as in `'C:\'`.
    fn quoted(&mut self, quote: char) -> Option<&'t str> {
        let inside = self.rest.strip_prefix(quote)?;
        let mut is_escaped = false;
        let mut end = None;
        for (at, c) in inside.char_indices() {
            if c == quote {
                end = Some(at);
                if !is_escaped {
                    break;
                }
            }
            is_escaped = c == '\\' && !is_escaped;
        }
        let (value, rest) = inside.split_at_checked(end?)?;
        self.rest = rest.strip_prefix(quote)?;
        Some(value)
    }

    fn end_of_line(&mut self, line: usize) -> Result<(), Error> {
        self.skip_blanks();
        if self.rest.starts_with('#') {
            self.take_until(is_newline);
        }
        if self.rest.is_empty() || self.rest.starts_with(is_newline) {
            Ok(())
        } else {
            Err(Error::NoAssignment { line })
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(is_blank);
    }

    fn take_until(&mut self, is_end: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Counts on from where it was last asked.
    fn line(&mut self) -> usize {
        let read = self.counted.len() - self.rest.len();
        let read = self.counted.get(..read).unwrap_or_default();
        self.line += read.matches('\n').count();
        self.counted = self.rest;
        self.line
    }
}

fn is_newline(c: char) -> bool {
    c == '\n' || c == '\r'
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_newline(c)
}

/// A `#` begins a comment only after a blank.
fn without_comment(text: &str) -> &str {
    let mut before = None;
    for (at, c) in text.char_indices() {
        if c == '#' && before.is_some_and(char::is_whitespace) {
            return text.get(..at).unwrap_or(text);
        }
        before = Some(c);
    }
    text
}

fn unescape(text: &str, quote: char) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        let ahead = characters.clone().next();
        match ahead
            .filter(|_| c == '\\')
            .and_then(|next| escaped(next, quote))
        {
            Some(meant) => {
                plain.push(meant);
                characters.next();
            }
            None => plain.push(c),
        }
    }
    plain
}

/// The meaning of a backslash and `next`, if it is an escape.
fn escaped(next: char, quote: char) -> Option<char> {
    match (next, quote) {
        ('\\' | '\'', _) => Some(next),
        ('"', '"') => Some('"'),
        ('a', '"') => Some('\x07'),
        ('b', '"') => Some('\x08'),
        ('f', '"') => Some('\x0c'),
        ('n', '"') => Some('\n'),
        ('r', '"') => Some('\r'),
        ('t', '"') => Some('\t'),
        ('v', '"') => Some('\x0b'),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
