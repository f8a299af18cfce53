//! Reads one reference: a notation, a default, and transforms.
//!
//! ```text
//! keeper://RECORD/field/NAME:-DEFAULT|TRANSFORM|…        ends at a blank or a quote
//! keeper://{RECORD/field/NAME:-DEFAULT|TRANSFORM|…}      ends at its brace
//! ```
//!
//! The first form is the official one (compatibility 13): the name cannot hold blanks, quotes or `# : | @` unless a
//! backslash stands before them (quotes not even then, since the text around may escape its own quotes). In the
//! second only `{ } : |` need a backslash. Both leave the notation's own escapes, `\/ \[ \] \\`, to the notation.

use std::ops::Range;

use super::transforms::{Transform, UnknownTransform};
use crate::vault::notation::{Notation, ParseError};

/// In other cases of letters it is text, as in the official CLI.
pub(super) const PREFIX: &str = "keeper://";

/// These and blanks need a backslash in names and defaults.
const ENDS: [char; 6] = ['"', '\'', '#', ':', '|', '@'];

#[derive(Debug, Clone)]
pub struct Reference {
    /// In bytes of the template.
    pub span: Range<usize>,
    /// From 1.
    pub line: usize,
    /// The whole reference, as written.
    pub token: String,
    /// The notation with its prefix, as written.
    pub written: String,
    pub notation: Result<Notation, ParseError>,
    pub default: Option<String>,
    /// Applied to the value or the default.
    pub transforms: Vec<&'static Transform>,
    /// The quotes directly around the reference.
    pub quotes: Option<char>,
}

/// The parts of a reference behind its prefix.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// In bytes.
    pub(super) length: usize,
    written: String,
    notation: String,
    default: Option<String>,
    transforms: Option<String>,
}

/// Reads the rest of the line behind a prefix; `None` if it does not look like a reference.
pub(super) fn cut(rest: &str) -> Option<Cut> {
    let first = rest.chars().next()?;
    if is_blank(first) || "\"'`)]}>,;.…".contains(first) {
        return None;
    }
    Some(in_braces(rest).unwrap_or_else(|| bare(rest)))
}

impl Cut {
    pub(super) fn into_reference(
        self,
        span: Range<usize>,
        line: usize,
        token: &str,
        around: (Option<char>, Option<char>),
    ) -> Result<Reference, UnknownTransform> {
        let names = self.transforms.iter().flat_map(|names| names.split('|'));
        let transforms = names.map(|name| {
            Transform::named(name.trim()).ok_or_else(|| UnknownTransform {
                name: name.to_owned(),
                token: token.to_owned(),
                line,
            })
        });
        Ok(Reference {
            transforms: transforms.collect::<Result<_, _>>()?,
            span,
            line,
            token: token.to_owned(),
            notation: Notation::parse(&format!("{PREFIX}{}", self.notation)),
            written: format!("{PREFIX}{}", self.written),
            default: self.default,
            quotes: match around {
                (Some(before @ ('"' | '\'')), Some(after)) if before == after => Some(before),
                _ => None,
            },
        })
    }
}

/// The form without braces. Too few parts are left to the notation's parser to report.
fn bare(rest: &str) -> Cut {
    let mut notation = String::new();
    // Up to the first `/`, quotes and the like belong to a title.
    let mut length = run(rest, &mut notation, |c| is_blank(c) || c == '/');
    if let Some(after) = rest.get(length..).and_then(|rest| rest.strip_prefix('/')) {
        notation.push('/');
        length += 1;
        length += run(after, &mut notation, |c| is_blank(c) || ENDS.contains(&c));
    }
    let written = rest.get(..length).unwrap_or_default().to_owned();
    let mut part = |mark: &str, is_end: fn(char) -> bool| {
        let after = rest.get(length..)?.strip_prefix(mark)?;
        let text = after.get(..plain(after, is_end))?;
        if text.is_empty() {
            return None;
        }
        length += mark.len() + text.len();
        Some(text.to_owned())
    };
    let default = part(":-", |c| is_blank(c) || "|\"'#@".contains(c));
    let transforms = part("|", |c| is_blank(c) || "\"'#@".contains(c));
    Cut {
        length,
        written,
        notation,
        default,
        transforms,
    }
}

/// The form in braces. `None` if they do not close or hold no `/`: a title may begin with a brace.
fn in_braces(rest: &str) -> Option<Cut> {
    let inside = rest.strip_prefix('{')?;
    // Stopping at a second brace keeps the search linear in a text full of braces.
    let close = find(inside, |ahead| ahead.starts_with(['{', '}']))?;
    if !inside.get(close..)?.starts_with('}') {
        return None;
    }
    let inside = inside.get(..close)?;
    find(inside, |ahead| ahead.starts_with('/'))?;

    let names = find(inside, |ahead| {
        ahead.starts_with(":-") || ahead.starts_with('|')
    });
    let (names, more) = inside.split_at_checked(names.unwrap_or(inside.len()))?;
    let (default, more) = match more.strip_prefix(":-") {
        None => (None, more),
        Some(more) => {
            let end = find(more, |ahead| ahead.starts_with('|')).unwrap_or(more.len());
            let (default, more) = more.split_at_checked(end)?;
            (Some(unescape(default, "|{}\\")), more)
        }
    };
    Some(Cut {
        length: close + 2,
        written: format!("{{{names}}}"),
        notation: unescape(names, "{}:|#@\"' \t"),
        default,
        transforms: more.strip_prefix('|').map(str::to_owned),
    })
}

/// Copies `text` to `notation` up to `is_end`, and gives the length that was read.
fn run(text: &str, notation: &mut String, is_end: fn(char) -> bool) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (c, chars.peek().map(|(_, next)| *next)) {
            ('\\', Some('"' | '\'')) => return at,
            ('\\', Some(next)) if next == ' ' || next == '\t' || "#:|@{}".contains(next) => {
                notation.push(next);
                chars.next();
            }
            ('\\', Some(next)) if "/[]\\".contains(next) => {
                notation.extend(['\\', next]);
                chars.next();
            }
            _ if is_end(c) => return at,
            _ => notation.push(c),
        }
    }
    text.len()
}

/// The length of `text` up to `is_end`, without escapes.
fn plain(text: &str, is_end: fn(char) -> bool) -> usize {
    let quote_follows = |at: usize| {
        let after = text.get(at + 1..).unwrap_or_default();
        after.starts_with(['"', '\''])
    };
    text.char_indices()
        .find(|(at, c)| is_end(*c) || (*c == '\\' && quote_follows(*at)))
        .map_or(text.len(), |(at, _)| at)
}

/// The first index without a backslash before it whose rest satisfies `is_it`.
fn find(text: &str, is_it: impl Fn(&str) -> bool) -> Option<usize> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if text.get(at..).is_some_and(&is_it) {
            return Some(at);
        }
    }
    None
}

/// Drops the backslash before `specials` only.
fn unescape(text: &str, specials: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, false) => plain.push(c),
            (_, true) => match chars.next() {
                Some(next) if specials.contains(next) => plain.push(next),
                next => plain.extend(['\\'].into_iter().chain(next)),
            },
        }
    }
    plain
}

// Python's idea of a blank, which has four separators more than Rust's.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}
