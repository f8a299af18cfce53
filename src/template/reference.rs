//! Reads one reference: a notation, what to put there when it has no value, and what to do to the value.
//!
//! ```text
//! keeper://RECORD/field/NAME:-DEFAULT|TRANSFORM|…        ends at a blank or a quote
//! keeper://{RECORD/field/NAME:-DEFAULT|TRANSFORM|…}      ends at its brace
//! ```
//!
//! The first form is the official one (cli-reference.md 13): the name cannot hold blanks, quotes or `# : | @` unless a
//! backslash stands before them (quotes not even then, since the text around may be one that escapes its quotes). In the
//! second only `{ } : |` need a backslash. Both leave the notation's own escapes, `\/ \[ \] \\`, to the notation.

use std::ops::Range;

use super::transforms::{Transform, UnknownTransform};
use crate::vault::notation::{Notation, parse};

/// What a reference begins with; in other cases of letters it is text, as in the official CLI.
pub(super) const PREFIX: &str = "keeper://";

/// What no name and no default has in it without a backslash, blanks apart.
const ENDS: [char; 6] = ['"', '\'', '#', ':', '|', '@'];

/// A place in a template where a value belongs.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Its bytes in the template.
    pub span: Range<usize>,
    /// The line it is in, counted from 1.
    pub line: usize,
    /// All of it, as written.
    pub token: String,
    /// The notation in it, as written, with its prefix.
    pub written: String,
    /// What the vault is to be asked, if it is a question at all.
    pub notation: Result<Notation, parse::Error>,
    /// What to put there when there is no value.
    pub default: Option<String>,
    /// What to do to the value or the default.
    pub transforms: Vec<&'static Transform>,
    /// The quotes it stands directly between.
    pub quotes: Option<char>,
}

/// The parts of a reference whose prefix was passed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Up to where it goes, in bytes.
    pub(super) length: usize,
    written: String,
    notation: String,
    default: Option<String>,
    transforms: Option<String>,
}

/// Reads what follows a prefix on its line; `None` if nobody would take that for a reference.
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

/// The form without braces. What has too few parts is read as far as it goes, for the notation's parser to say so.
fn bare(rest: &str) -> Cut {
    let mut notation = String::new();
    // Quotes and the like are parts of a title as long as no word that ends one has been read.
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

/// The form in braces, if they close, and hold what has the parts of a notation: a title may begin with a brace.
fn in_braces(rest: &str) -> Option<Cut> {
    let inside = rest.strip_prefix('{')?;
    // Stopping at a second brace keeps a text full of them from being searched over and over.
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

/// Copies from `text` to `notation` up to what `is_end` says, and says how far that is.
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

/// How far `text` goes without escapes.
fn plain(text: &str, is_end: fn(char) -> bool) -> usize {
    let quote_follows = |at: usize| {
        let after = text.get(at + 1..).unwrap_or_default();
        after.starts_with(['"', '\''])
    };
    text.char_indices()
        .find(|(at, c)| is_end(*c) || (*c == '\\' && quote_follows(*at)))
        .map_or(text.len(), |(at, _)| at)
}

/// The first place that `is_it` takes what lies ahead for, and that has no backslash before it.
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

/// Takes the backslash away before those of `specials`, and nowhere else.
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
