//! Replaces secrets in a stream, whatever pieces it comes in: the result depends on the bytes alone.

use std::ops::Range;
use std::sync::Arc;

use ksm_kernels::starts::MIN_LENGTH;

use super::MARK;
use super::fingerprint::Beginnings;
use super::trails::{Reading, Trails};
use crate::sensitive::Sensitive;

/// One stream. Secrets that overlap hide under one mark.
pub struct Masker {
    trails: Arc<Trails>,
    /// The end of the stream so far, from some place before `next`, and behind `end` room for more.
    text: Sensitive<Vec<u8>>,
    end: usize,
    beginnings: Beginnings,
    /// Before it, all is decided and shown. What follows may be the beginning of a secret, and is held.
    next: usize,
    /// The end of the mark that was shown last.
    covered: usize,
    shown: Shown,
}

/// The last result. Without a mark in it, it is a part of the text, and not copied.
#[derive(Default)]
struct Shown {
    copied: Vec<u8>,
    /// What of the text follows.
    rest: Range<usize>,
}

impl Masker {
    pub(super) fn new(trails: Arc<Trails>) -> Self {
        Self {
            trails,
            text: Sensitive::default(),
            end: 0,
            beginnings: Beginnings::default(),
            next: 0,
            covered: 0,
            shown: Shown::default(),
        }
    }

    /// Whether some bytes wait for those to come.
    pub fn holds(&self) -> bool {
        self.next < self.end
    }

    /// Returns what can be shown by now.
    pub fn push(&mut self, bytes: &[u8]) -> &[u8] {
        self.room(bytes.len()).copy_from_slice(bytes);
        self.advance(bytes.len())
    }

    /// Returns a place for the next bytes of the stream.
    pub fn room(&mut self, most: usize) -> &mut [u8] {
        // Moving what is left costs no more than reading what goes.
        if self.next > self.end / 2 {
            self.forget();
        }
        let all = self.end + most;
        if self.text.expose().len() < all {
            self.text.resize(all);
        }
        let text = self.text.expose_mut();
        text.get_mut(self.end..all).unwrap_or_default()
    }

    /// Takes so many bytes from the room, and returns what can be shown by now.
    pub fn advance(&mut self, count: usize) -> &[u8] {
        self.end = (self.end + count).min(self.text.expose().len());
        self.read(false)
    }

    /// Returns what was held, at the end of the stream or after waiting long enough.
    pub fn release(&mut self) -> &[u8] {
        self.read(true)
    }

    fn read(&mut self, last: bool) -> &[u8] {
        self.shown = Shown {
            copied: std::mem::take(&mut self.shown.copied),
            rest: 0..0,
        };
        self.shown.copied.clear();
        let text = std::mem::take(&mut self.text);
        let known = text.expose().get(..self.end).unwrap_or_default();
        self.next = self.read_on(known, last);
        self.text = text;
        self.shown.all(self.text.expose())
    }

    /// Returns the place from which on the text is held.
    fn read_on(&mut self, text: &[u8], last: bool) -> usize {
        let trails = Arc::clone(&self.trails);
        let mut beginnings = std::mem::take(&mut self.beginnings);
        let mut reading = Reading {
            text,
            beginnings: &mut beginnings,
            hint: None,
        };
        let mut shown = self.next;
        let mut next = self.next;
        let hold = loop {
            let Some(start) = trails.starts().find(text, next) else {
                break self.hold_end(text, next, last);
            };
            let (length, may_grow) = trails.longest(&mut reading, start);
            if length > 0 {
                // A secret that begins under a mark only extends it.
                if start >= self.covered {
                    self.show(text, shown..start);
                    self.shown.add_mark(text);
                }
                self.covered = self.covered.max(start + length);
                shown = self.covered;
            }
            if may_grow && !last {
                break start;
            }
            next = start + 1;
        };
        self.beginnings = beginnings;
        self.show(text, shown..hold);
        hold
    }

    /// Returns where the end begins that may become a secret but is too short to tell.
    fn hold_end(&self, text: &[u8], next: usize, last: bool) -> usize {
        let end = text.len();
        let too_short = (end + 1).saturating_sub(MIN_LENGTH).max(next);
        let mut places = (too_short..end).filter(|_| !last);
        let held = places.find(|start| {
            let rest = text.get(*start..).unwrap_or_default();
            self.trails.starts().may_begin_with(rest)
        });
        held.unwrap_or(end)
    }

    /// Shows what no mark covers.
    fn show(&mut self, text: &[u8], range: Range<usize>) {
        let range = range.start.max(self.covered)..range.end;
        if !range.is_empty() {
            self.shown.add(text, range);
        }
    }

    fn forget(&mut self) {
        let gone = self.beginnings.drop_start(self.next);
        self.text.expose_mut().copy_within(gone..self.end, 0);
        self.end -= gone;
        self.next -= gone;
        self.covered = self.covered.saturating_sub(gone);
    }
}

impl Shown {
    fn add(&mut self, text: &[u8], range: Range<usize>) {
        self.copy_rest(text);
        self.rest = range;
    }

    fn add_mark(&mut self, text: &[u8]) {
        self.copy_rest(text);
        self.copied.extend_from_slice(MARK);
    }

    fn copy_rest(&mut self, text: &[u8]) {
        let rest = std::mem::take(&mut self.rest);
        self.copied
            .extend_from_slice(text.get(rest).unwrap_or_default());
    }

    fn all<'a>(&'a mut self, text: &'a [u8]) -> &'a [u8] {
        if self.copied.is_empty() {
            return text.get(self.rest.clone()).unwrap_or_default();
        }
        self.copy_rest(text);
        &self.copied
    }
}

#[cfg(test)]
mod tests;
