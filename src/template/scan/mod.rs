//! Finds the references of a template line by line, except in comment lines.

use super::reference::{self, PREFIX, Reference};
use super::transforms::UnknownTransform;
use crate::sensitive::Sensitive;

#[derive(Debug)]
pub struct Template {
    // A template that was filled before holds secrets.
    text: Sensitive<Vec<u8>>,
    references: Vec<Reference>,
    comments: Vec<usize>,
}

impl Template {
    /// Takes text in any encoding that extends ASCII.
    pub fn scan(text: Sensitive<Vec<u8>>) -> Result<Self, UnknownTransform> {
        let (mut references, mut comments) = (Vec::new(), Vec::new());
        let (mut start, mut number) = (0, 0);
        while let Some(line) = text.expose().get(start..).and_then(first_line) {
            number += 1;
            if is_comment(line) {
                comments.push(number);
            } else {
                scan_line(line, start, number, &mut references)?;
            }
            start += line.len();
        }
        Ok(Self {
            text,
            references,
            comments,
        })
    }

    pub fn text(&self) -> &[u8] {
        self.text.expose()
    }

    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Line numbers, counted from 1.
    pub fn comments(&self) -> &[usize] {
        &self.comments
    }
}

/// Returns the first line with its end: LF, CR LF or CR.
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

fn scan_line(
    line: &[u8],
    start: usize,
    number: usize,
    found: &mut Vec<Reference>,
) -> Result<(), UnknownTransform> {
    // Invalid UTF-8 ends a reference, as a blank does.
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
