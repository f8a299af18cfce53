//! Puts values in the place of references, each once.

use super::metacharacters::{Metacharacter, metacharacters};
use super::quote::TransformError;
use super::reference::Reference;
use super::scan::Template;
use super::transforms::Quoting;
use crate::limits::Limit;
use crate::sensitive::Sensitive;
use crate::vault::Kind;
use crate::vault::notation::{self, ParseError, Value};

/// Treatment of values that whoever reads the text would take for more than a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Refuses what a shell acts on.
    Refuse,
    Warn,
    /// Refuses what begins a line of its own, which in an env file is a variable (D33).
    LineEnds,
    Off,
}

/// The reason why a reference has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    Malformed(ParseError),
    Unresolved(notation::Error),
    Untransformed(TransformError),
    /// A shell would act on the value.
    Dangerous(Vec<Metacharacter>),
    /// The value has line ends, and nothing quotes it.
    LineEnds,
    /// With it the values would be larger than [`Limit::FILLED`].
    TooMuch,
}

/// The text in the place of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replacement {
    /// With the value's metacharacters under [`Guard::Warn`].
    Value(Vec<Metacharacter>),
    /// Likewise.
    Default(Vec<Metacharacter>),
    /// The value is empty, and there is no default.
    Empty,
    /// The reference itself.
    None(Problem),
}

#[derive(Debug)]
pub struct Filled {
    pub text: Sensitive<Vec<u8>>,
    /// One for each reference, in order.
    pub replacements: Vec<Replacement>,
}

/// `answers` has one item for each reference with a notation, in order.
pub fn fill(
    template: &Template,
    answers: &mut impl Iterator<Item = Result<Value, notation::Error>>,
    guard: Guard,
) -> Filled {
    fill_within(Limit::FILLED.bytes(), template, answers, guard)
}

/// The values may have `room` bytes together.
pub(super) fn fill_within(
    mut room: u64,
    template: &Template,
    answers: &mut impl Iterator<Item = Result<Value, notation::Error>>,
    guard: Guard,
) -> Filled {
    let (mut replacements, mut pieces) = (Vec::new(), Vec::new());
    for reference in template.references() {
        let result = match &reference.notation {
            Err(error) => Err(Problem::Malformed(error.clone())),
            Ok(_) => match answers.next() {
                Some(answer) => put(reference, answer, guard, room),
                None => break, // fewer answers than references
            },
        };
        match result {
            Ok((piece, replacement)) => {
                room -= piece.expose().len() as u64;
                pieces.push(Some(piece));
                replacements.push(replacement);
            }
            Err(problem) => {
                pieces.push(None);
                replacements.push(Replacement::None(problem));
            }
        }
    }
    Filled {
        text: join(template, &pieces),
        replacements,
    }
}

fn put(
    reference: &Reference,
    answer: Result<Value, notation::Error>,
    guard: Guard,
    room: u64,
) -> Result<(Sensitive<Vec<u8>>, Replacement), Problem> {
    let (value, is_default) = match (answer, &reference.default) {
        (Ok(value), Some(default)) if value.is_empty() => (text(default), true),
        // Damaged or ambiguous values are not absent (FIX 41).
        (Err(error), Some(default)) if error.kind() == Kind::Missing => (text(default), true),
        (Ok(value), _) => (value, false),
        (Err(error), _) => return Err(Problem::Unresolved(error)),
    };
    let is_empty = value.is_empty();
    let fits = |value: Value| match value.size() <= room {
        true => Ok(value),
        false => Err(Problem::TooMuch),
    };
    // A chain of transforms can double a value at each step.
    let changed = reference
        .transforms
        .iter()
        .try_fold(fits(value)?, |value, transform| {
            fits(transform.apply(value).map_err(Problem::Untransformed)?)
        })?
        .into_bytes();
    if changed.expose().len() as u64 > room {
        return Err(Problem::TooMuch);
    }
    let last = reference.transforms.last();
    let quoting = last.map_or(Quoting::None, |transform| transform.quoting);
    let dangers = match guard {
        Guard::Off | Guard::LineEnds => Vec::new(),
        Guard::Refuse | Guard::Warn => shell_metacharacters(changed.expose(), quoting),
    };
    if guard == Guard::LineEnds && quoting == Quoting::None && has_line_end(changed.expose()) {
        return Err(Problem::LineEnds);
    }
    if guard == Guard::Refuse && !dangers.is_empty() {
        return Err(Problem::Dangerous(dangers));
    }
    let replacement = match is_default {
        true => Replacement::Default(dangers),
        false if is_empty => Replacement::Empty,
        false => Replacement::Value(dangers),
    };
    Ok((changed.into(), replacement))
}

fn text(default: &str) -> Value {
    Value::Text(default.to_owned().into())
}

/// A user who asks for JSON or YAML says that no shell reads it; but dotenv files are often given to a shell.
fn shell_metacharacters(text: &[u8], quoting: Quoting) -> Vec<Metacharacter> {
    let is_double_quoted = text.starts_with(b"\"");
    match quoting {
        Quoting::None => metacharacters(text),
        Quoting::Dotenv if is_double_quoted => {
            let mut found = metacharacters(text);
            found.retain(|character| matches!(character.shown, "$" | "`"));
            found
        }
        Quoting::Dotenv | Quoting::Complete => Vec::new(),
    }
}

/// Those of env files, and those that YAML and Python know beyond them.
fn has_line_end(text: &[u8]) -> bool {
    const MARKS: [&[u8]; 3] = [
        "\u{85}".as_bytes(),
        "\u{2028}".as_bytes(),
        "\u{2029}".as_bytes(),
    ];
    text.iter().any(|byte| matches!(byte, b'\n'..=b'\r'))
        || MARKS
            .iter()
            .any(|mark| text.windows(mark.len()).any(|window| window == *mark))
}

/// Reserves the whole length at once, since a buffer that grows leaves copies behind.
fn join(template: &Template, pieces: &[Option<Sensitive<Vec<u8>>>]) -> Sensitive<Vec<u8>> {
    let put = pieces.iter().flatten().map(|piece| piece.expose().len());
    let size = template.text().len() + put.sum::<usize>();
    let mut text = Sensitive::new(Vec::with_capacity(size));
    let mut at = 0;
    let mut copy = |to: usize, piece: &[u8], next: usize| {
        let before = template.text().get(at..to).unwrap_or_default();
        text.expose_mut().extend_from_slice(before);
        text.expose_mut().extend_from_slice(piece);
        at = next;
    };
    for (reference, piece) in template.references().iter().zip(pieces) {
        if let Some(piece) = piece {
            copy(reference.span.start, piece.expose(), reference.span.end);
        }
    }
    let end = template.text().len();
    copy(end, b"", end);
    text
}
