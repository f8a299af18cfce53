//! Conditions in `[?…]`, rewritten as the standard (RFC 9535) has them, with the official dialect's sense of a match:
//! what is absent or null matches no comparison, and a number also matches a text that spells it.

use super::Error;
use super::cursor::Cursor;
use super::lexer::Token;
use super::path::{Segment, Step, quote, standard};

/// Reads a condition up to the closing bracket.
pub(super) fn condition(cursor: &mut Cursor) -> Result<String, Error> {
    cursor.nested(alternatives)
}

fn alternatives(cursor: &mut Cursor) -> Result<String, Error> {
    let mut text = conjunction(cursor)?;
    while cursor.take("||") {
        text = format!("{text} || {}", conjunction(cursor)?);
    }
    Ok(text)
}

fn conjunction(cursor: &mut Cursor) -> Result<String, Error> {
    let mut text = test(cursor)?;
    while cursor.take("&&") {
        text = format!("{text} && {}", test(cursor)?);
    }
    Ok(text)
}

fn test(cursor: &mut Cursor) -> Result<String, Error> {
    let not = if cursor.take("!") { "!" } else { "" };
    if cursor.take("(") {
        let inner = cursor.nested(alternatives)?;
        cursor.expect(")")?;
        return Ok(format!("{not}({inner})"));
    }
    let segments = subject(cursor)?;
    let Some(Token::Compare(sign)) = cursor.peek().cloned() else {
        return Ok(format!("{not}@{}", standard(&segments)));
    };
    cursor.next();
    if sign == "~" {
        return Err(Error::Unsupported("a regular expression in a filter"));
    }
    let value = Operand::parse(cursor)?;
    Ok(format!("{not}({})", compare(&segments, sign, &value)?))
}

/// The path on the left of a comparison, seen from the element in question, which official filters also call `$`.
fn subject(cursor: &mut Cursor) -> Result<Vec<Segment>, Error> {
    let mut segments = Vec::new();
    if !cursor.take("@") && !cursor.take("$") {
        match cursor.peek() {
            Some(Token::Word(_) | Token::Text(_)) => segments.push(cursor.first()?),
            _ => return Err(cursor.unexpected()),
        }
    }
    segments.extend(cursor.segments()?);
    match cursor.peek() {
        Some(Token::Named(_)) => Err(Error::Misplaced(
            "`len` belongs at the end, not in a filter",
        )),
        Some(Token::Sign("(")) => Err(Error::Unsupported("a function in a filter")),
        Some(Token::Sign("+" | "-" | "*" | "/")) => Err(Error::Unsupported("arithmetic")),
        _ => Ok(segments),
    }
}

/// What stands on the right of a comparison, as the standard writes it.
enum Operand {
    Number(String),
    Other(String),
}

impl Operand {
    fn parse(cursor: &mut Cursor) -> Result<Self, Error> {
        match cursor.peek().cloned() {
            Some(Token::Number(number)) => {
                cursor.next();
                Ok(Self::Number(number))
            }
            Some(Token::Word(word)) if matches!(word.as_str(), "true" | "false" | "null") => {
                cursor.next();
                Ok(Self::Other(word))
            }
            Some(Token::Word(text) | Token::Text(text)) => {
                cursor.next();
                Ok(Self::Other(quote(&text)))
            }
            Some(Token::Sign(root @ ("@" | "$"))) => {
                cursor.next();
                Ok(Self::Other(format!(
                    "{root}{}",
                    standard(&cursor.segments()?)
                )))
            }
            _ => Err(cursor.unexpected()),
        }
    }
}

/// A comparison of everything `segments` lead to; it holds if it holds for one. The standard compares single values
/// only, so each `[*]` and `.*` becomes a filter of its own around the rest.
fn compare(segments: &[Segment], sign: &str, value: &Operand) -> Result<String, Error> {
    let many = segments
        .iter()
        .position(|segment| segment.deep || !is_single(&segment.step));
    if let Some((before, [star, after @ ..])) = many.and_then(|at| segments.split_at_checked(at)) {
        return match star {
            Segment {
                deep: false,
                step: Step::Members | Step::Elements,
            } => Ok(format!(
                "@{}[?{}]",
                standard(before),
                compare(after, sign, value)?
            )),
            _ => Err(Error::Unsupported(
                "comparing what `..`, a range or another filter selects",
            )),
        };
    }
    let path = format!("@{}", standard(segments));
    Ok(match (sign, value) {
        ("==", Operand::Number(number)) => {
            format!("({path} == {number} || {path} == {})", quote(number))
        }
        ("!=", Operand::Number(number)) => {
            format!(
                "({path} && {path} != null && {path} != {number} && {path} != {})",
                quote(number)
            )
        }
        ("!=", Operand::Other(text)) => format!("({path} && {path} != null && {path} != {text})"),
        (_, Operand::Number(text) | Operand::Other(text)) => format!("{path} {sign} {text}"),
    })
}

fn is_single(step: &Step) -> bool {
    match step {
        Step::Names(names) => names.len() == 1,
        Step::Numbers(numbers) => !numbers.contains([',', ':']),
        Step::Members | Step::Elements | Step::Filter(_) => false,
    }
}
