//! Cuts a notation at its delimiters and undoes its escapes (protocol 11.1).

use std::str::Chars;

use super::error::ParseError;

pub(super) struct Cutter<'t> {
    rest: Chars<'t>,
    at: usize,
}

impl<'t> Cutter<'t> {
    /// `at` is the number of characters before `rest`.
    pub(super) fn new(rest: &'t str, at: usize) -> Self {
        Self {
            rest: rest.chars(),
            at,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.as_str().is_empty()
    }

    /// Of the next character, from 1.
    pub(super) fn position(&self) -> usize {
        self.at + 1
    }

    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn step(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        self.at += 1;
        Some(next)
    }

    /// The text before `end`, or all that is left; `end` is left for [`Self::skip`]. An escaped `end` does not count.
    pub(super) fn until(&mut self, end: char) -> Result<String, ParseError> {
        let mut cut = String::new();
        while let Some(next) = self.peek().filter(|next| *next != end) {
            self.step();
            cut.push(if next == '\\' { self.escaped()? } else { next });
        }
        Ok(cut)
    }

    /// Likewise, without escapes.
    pub(super) fn plain_until(&mut self, end: char) -> String {
        let mut cut = String::new();
        while let Some(next) = self.peek().filter(|next| *next != end) {
            self.step();
            cut.push(next);
        }
        cut
    }

    pub(super) fn skip(&mut self) {
        self.step();
    }

    /// The text between the next pair of brackets, if anything is left.
    pub(super) fn index(&mut self) -> Result<Option<String>, ParseError> {
        let start = self.position();
        match self.step() {
            None => return Ok(None),
            Some('[') => {}
            Some(_) => return Err(ParseError::IndexMustStartWithBracket { at: start }),
        }
        let mut cut = String::new();
        loop {
            match self.step() {
                None => return Err(ParseError::IndexNotClosed { at: start }),
                Some(']') => return Ok(Some(cut)),
                Some('[') => return Err(ParseError::IndexNestedBracket { at: self.at }),
                Some('\\') => cut.push(self.escaped()?),
                Some(next) => cut.push(next),
            }
        }
    }

    /// The character after a backslash.
    fn escaped(&mut self) -> Result<char, ParseError> {
        let at = self.at;
        self.step()
            .filter(|next| "/[]\\".contains(*next))
            .ok_or(ParseError::BadEscape { at })
    }
}
