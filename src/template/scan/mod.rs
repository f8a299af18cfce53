//! Finds the references of a template, line by line. Comment lines, and what is no reference, are left alone.

use super::reference::{self, PREFIX, Reference};
use crate::sensitive::Sensitive;

/// A template and the references in it.
#[derive(Debug)]
pub struct Template {
    // It may have been filled before, so it is treated like the result.
    text: Sensitive<Vec<u8>>,
    references: Vec<Reference>,
    comments: Vec<usize>,
}

/// A reference asks for something to be done to its value that nobody knows how to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Unknown transform '{name}' in {token}\nAvailable transforms: {}",
    super::Transform::names()
)]
pub struct UnknownTransform {
    /// What was asked for.
    pub name: String,
    /// The reference as it is written.
    pub token: String,
    /// Counted from 1.
    pub line: usize,
}

impl Template {
    /// Finds the references in `text`, which may be in any encoding that has ASCII in it.
    pub fn scan(text: Sensitive<Vec<u8>>) -> Result<Self, UnknownTransform> {
        let (mut references, mut comments) = (Vec::new(), Vec::new());
        let (mut start, mut number) = (0, 0);
        while let Some(line) = text.expose().get(start..).and_then(first_line) {
            number += 1;
            if is_comment(line) {
                comments.push(number);
            } else {
                in_line(line, start, number, &mut references)?;
            }
            start += line.len();
        }
        Ok(Self {
            text,
            references,
            comments,
        })
    }

    /// All of it, as it came.
    pub fn text(&self) -> &[u8] {
        self.text.expose()
    }

    /// The references, in their order.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The numbers of the lines that are comments, counted from 1.
    pub fn comments(&self) -> &[usize] {
        &self.comments
    }
}

/// The first line of `text` with its end: LF, CR LF, or the CR of old.
fn first_line(text: &[u8]) -> Option<&[u8]> {
    if text.is_empty() {
        return None;
    }
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    let length = match end.and_then(|end| Some((end, text.get(end..)?))) {
        None => text.len(),
        Some((end, rest)) if rest.starts_with(b"\r\n") => end + 2,
        Some((end, _)) => end + 1,
    };
    text.get(..length)
}

fn is_comment(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"#")
}

fn in_line(
    line: &[u8],
    start: usize,
    number: usize,
    found: &mut Vec<Reference>,
) -> Result<(), UnknownTransform> {
    // A byte that is no UTF-8 ends a reference, as a blank does.
    let mut at = start;
    for chunk in line.utf8_chunks() {
        let valid = chunk.valid();
        let mut passed = 0;
        while let Some((before, rest)) = valid
            .get(passed..)
            .and_then(|ahead| ahead.split_once(PREFIX))
        {
            let begin = passed + before.len();
            passed = begin + PREFIX.len();
            let Some(cut) = reference::cut(rest) else {
                continue;
            };
            passed += cut.length;
            let inside = valid.get(begin..passed).unwrap_or_default();
            let around = (
                before.chars().next_back(),
                valid.get(passed..).and_then(|rest| rest.chars().next()),
            );
            let span = at + begin..at + passed;
            found.push(cut.into_reference(span, number, inside, around)?);
        }
        at += valid.len() + chunk.invalid().len();
    }
    Ok(())
}

#[cfg(test)]
mod tests;
