//! Puts values where references stand, each once, and tells what became of every reference.

use super::metacharacters::{Metacharacter, metacharacters};
use super::quote::TransformError;
use super::reference::Reference;
use super::scan::Template;
use super::transforms::Quoting;
use crate::sensitive::Sensitive;
use crate::vault::Kind;
use crate::vault::notation::{self, Value, parse};

/// Whether a shell may be going to evaluate the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// It may: what it would act on does not get in.
    Refuse,
    /// It may, and whoever asked for the text knows.
    Warn,
    /// It goes to a file, where a value is just a value.
    Off,
}

/// Why a reference has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It asks no question that can be answered.
    Malformed(parse::Error),
    /// The vault has no answer, or no unique one.
    Unresolved(notation::Error),
    /// The answer does not go through a transform.
    Untransformed(TransformError),
    /// A shell would act on what is in the answer.
    Dangerous(Vec<Metacharacter>),
}

/// What became of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its value is in its place; with these dangers, under [`Guard::Warn`].
    Replaced(Vec<Metacharacter>),
    /// There is no value, and the default is in its place; with these dangers.
    Defaulted(Vec<Metacharacter>),
    /// It stays as it is.
    Failed(Problem),
}

/// A template with values in it.
#[derive(Debug)]
pub struct Filled {
    /// The text.
    pub text: Sensitive<Vec<u8>>,
    /// One for each reference, in their order.
    pub outcomes: Vec<Outcome>,
}

/// Puts `answers` into the template: one for each reference that has a notation, in their order.
pub fn fill(
    template: &Template,
    answers: &mut impl Iterator<Item = Result<Value, notation::Error>>,
    guard: Guard,
) -> Filled {
    let (mut outcomes, mut pieces) = (Vec::new(), Vec::new());
    for reference in template.references() {
        let result = match &reference.notation {
            Err(error) => Err(Problem::Malformed(*error)),
            Ok(_) => match answers.next() {
                Some(answer) => put(reference, answer, guard),
                None => break, // nobody gives fewer answers than there were questions
            },
        };
        match result {
            Ok((piece, outcome)) => {
                pieces.push(Some(piece));
                outcomes.push(outcome);
            }
            Err(problem) => {
                pieces.push(None);
                outcomes.push(Outcome::Failed(problem));
            }
        }
    }
    Filled {
        text: join(template, &pieces),
        outcomes,
    }
}

fn put(
    reference: &Reference,
    answer: Result<Value, notation::Error>,
    guard: Guard,
) -> Result<(Sensitive<Vec<u8>>, Outcome), Problem> {
    let (value, is_default) = match (answer, &reference.default) {
        (Ok(value), Some(default)) if is_empty(&value) => (text(default), true),
        // What is there and cannot be opened or told apart is not absent (FIX 41).
        (Err(error), Some(default)) if error.kind() == Kind::Missing => (text(default), true),
        (Ok(value), _) => (value, false),
        (Err(error), _) => return Err(Problem::Unresolved(error)),
    };
    let changed = reference
        .transforms
        .iter()
        .try_fold(value, |value, transform| transform.apply(value))
        .map_err(Problem::Untransformed)?
        .into_bytes();
    let dangers = match guard {
        Guard::Off => Vec::new(),
        Guard::Refuse | Guard::Warn => {
            let last = reference.transforms.last();
            let quoting = last.map_or(Quoting::None, |transform| transform.quoting);
            shell_metacharacters(changed.expose(), quoting)
        }
    };
    if guard == Guard::Refuse && !dangers.is_empty() {
        return Err(Problem::Dangerous(dangers));
    }
    let outcome = if is_default {
        Outcome::Defaulted(dangers)
    } else {
        Outcome::Replaced(dangers)
    };
    Ok((changed, outcome))
}

fn text(default: &str) -> Value {
    Value::Text(default.to_owned().into())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.expose().is_empty(),
        Value::Bytes(bytes) => bytes.expose().is_empty(),
        Value::Json(_) => false,
    }
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

/// The text with the pieces in their places; made in one go, so that no copies are left behind.
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
