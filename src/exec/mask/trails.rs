//! Finds the longest of many secrets at a place of a text, by fingerprints alone: no secret is kept, and the work for a
//! place grows with the number of digits of the longest length.
//!
//! A secret leaves a trail: the fingerprints of its first 5, 16, 32, 64 … bytes, as far as it goes, and then of ever finer
//! steps up to its end, a digit of the rest of its length at a time. Whoever follows the text along such steps, the
//! largest first, ends at the end of the longest secret, or beyond it on the trail of a longer one, which then tells.

use std::iter;

use super::MIN_LENGTH;
use super::bits::Starts;
use super::fingerprint::{Beginnings, EMPTY, Fingerprints, piece};
use super::table::{MIXER, NewStep, Step, Table};
use crate::crypto;

/// The bits of a digit of a length.
const DIGIT: u32 = 2;

/// The first length after `MIN_LENGTH` at which every longer secret has a step.
const FIRST_DOUBLING: usize = 16;

pub(super) struct Trails {
    by: Fingerprints,
    steps: Table,
    starts: Starts,
}

/// Secrets to be added, by number and by steps.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) secrets: usize,
    pub(super) steps: usize,
}

/// A text that is read from start to end, with the fingerprints of its beginnings.
pub(super) struct Reading<'a> {
    pub(super) text: &'a [u8],
    pub(super) beginnings: &'a mut Beginnings,
    /// The last step of a place that every longer secret has, which is likely to be one at the next place, too.
    pub(super) last_anchor: usize,
}

impl Size {
    /// Counts a secret of so many bytes.
    pub(super) fn count(&mut self, length: usize) {
        self.secrets += 1;
        self.steps += trail(length).count();
    }
}

impl FromIterator<usize> for Size {
    fn from_iter<I: IntoIterator<Item = usize>>(lengths: I) -> Self {
        let mut size = Self::default();
        lengths.into_iter().for_each(|length| size.count(length));
        size
    }
}

impl Trails {
    /// For as many secrets as were counted.
    pub(super) fn new(size: Size) -> Result<Self, crypto::Error> {
        Ok(Self {
            by: Fingerprints::at_random_place()?,
            steps: Table::new(size.steps),
            starts: Starts::new(size.secrets),
        })
    }

    pub(super) fn starts(&self) -> &Starts {
        &self.starts
    }

    /// Adds a secret; one that is too short is left out.
    pub(super) fn add(&mut self, secret: &[u8]) {
        if secret.len() < MIN_LENGTH {
            return;
        }
        self.starts.add(secret);
        let (mut fingerprint, mut from) = (EMPTY, 0);
        let mut steps = trail(secret.len()).peekable();
        while let Some(end) = steps.next() {
            let more = secret.get(from..end).unwrap_or_default();
            fingerprint = self.by.extend(fingerprint, more);
            from = end;
            let finer = steps.peek().filter(|next| **next < following(end));
            let units = finer.map_or(0, |next| unit_bit((next - end).ilog2() / DIGIT));
            self.steps.add(NewStep {
                hash: hash(fingerprint, end),
                reach: secret.len(),
                units,
                is_end: end == secret.len(),
            });
        }
    }

    /// Has to be called after the last secret.
    pub(super) fn finish(&mut self) {
        self.steps.finish();
    }

    /// Returns the length of the longest secret at a place, and whether the bytes to come could make it a longer one.
    pub(super) fn longest(&self, reading: &mut Reading<'_>, start: usize) -> (usize, bool) {
        let available = reading.text.len() - start;
        reading.beginnings.move_to(start);
        let (mut most, mut may_grow) = (available, false);
        let mut passed: Vec<Step<'_>> = Vec::new();
        let longest = loop {
            let Some(walk) = self.walk(reading, start, most) else {
                break 0;
            };
            if most == available {
                may_grow = walk.may_grow;
            }
            if let Some(known) = walk.step.longest() {
                break known;
            }
            passed.push(walk.step);
            most = walk.length - 1;
        };
        for step in passed {
            step.note_longest(longest);
        }
        (longest, may_grow)
    }

    /// Follows the text over at most `most` bytes.
    fn walk(&self, reading: &mut Reading<'_>, start: usize, most: usize) -> Option<Walk<'_>> {
        let before = reading.beginnings.until(&self.by, reading.text, start);
        let mut step_at = |length: usize, shifted: u64| {
            let all = reading
                .beginnings
                .until(&self.by, reading.text, start + length);
            self.steps.get(hash(piece(all, shifted), length))
        };
        let mut anchor_at = |anchor: usize| {
            let shifted = match anchor {
                MIN_LENGTH => self.by.shift(self.by.shift(before, 0), 2),
                doubling => self.by.shift(before, doubling.ilog2()),
            };
            let step = step_at(anchor, shifted)?;
            Some((anchor, step, shifted))
        };
        // Where the text is on a trail at an anchor, it is at those before.
        let hint = Some(reading.last_anchor).filter(|hint| (MIN_LENGTH..=most).contains(hint));
        let hinted = hint.and_then(&mut anchor_at);
        let first = hinted.map_or(MIN_LENGTH, |(anchor, ..)| following(anchor));
        let mut reached = hinted;
        let mut next = first;
        while next <= most {
            match anchor_at(next) {
                Some(found) => {
                    reached = Some(found);
                    next = following(next);
                }
                None => break,
            }
        }
        let (anchor, mut step, mut shifted) = reached?;
        reading.last_anchor = anchor;
        // All that is there was followed; whether finer steps would be, is not known yet.
        let may_grow = next > most && step.reach > most;
        let mut length = anchor;
        for exponent in (0..levels(anchor)).rev() {
            if !step.has_finer(unit_bit(exponent)) {
                continue;
            }
            let unit = 1 << (DIGIT * exponent);
            let mut by_digit = shifted;
            let digits = [1, 2, 3].map(|digit| {
                by_digit = self.by.shift(by_digit, DIGIT * exponent);
                (length + digit * unit, by_digit)
            });
            let fits = digits
                .into_iter()
                .rev()
                .filter(|(finer, _)| *finer <= most && *finer < following(anchor));
            for (finer, finer_shifted) in fits {
                if let Some(found) = step_at(finer, finer_shifted) {
                    (length, step, shifted) = (finer, found, finer_shifted);
                    break;
                }
            }
        }
        Some(Walk {
            length,
            step,
            may_grow,
        })
    }
}

struct Walk<'a> {
    length: usize,
    step: Step<'a>,
    may_grow: bool,
}

/// The lengths at which every secret that is long enough has a step.
fn anchors() -> impl Iterator<Item = usize> {
    iter::successors(Some(MIN_LENGTH), |anchor| Some(following(*anchor)))
}

fn following(anchor: usize) -> usize {
    (2 * anchor).max(FIRST_DOUBLING)
}

/// The number of digits of a length beyond its anchor.
fn levels(anchor: usize) -> u32 {
    (following(anchor) - anchor - 1).ilog2() / DIGIT + 1
}

/// The bit of a digit's unit. The largest share one.
fn unit_bit(exponent: u32) -> u32 {
    1 << exponent.min(7)
}

/// The lengths of the steps of a secret, the last of which is its own.
fn trail(length: usize) -> impl Iterator<Item = usize> {
    let anchors = anchors().take_while(move |anchor| *anchor <= length);
    let anchor = match length {
        0..FIRST_DOUBLING => MIN_LENGTH,
        _ => 1 << length.ilog2(),
    };
    let rest = length.saturating_sub(anchor);
    let exponents = (0..levels(anchor)).rev();
    // A digit that is 0 is no step.
    let finer = exponents.filter_map(move |exponent| {
        let finer = rest >> (DIGIT * exponent);
        (finer & 3 != 0).then_some(anchor + (finer << (DIGIT * exponent)))
    });
    anchors.chain(finer)
}

/// Mixes the bits, since fingerprints are below a power of two.
fn hash(fingerprint: u64, length: usize) -> u64 {
    let mixed = (fingerprint ^ (length as u64).rotate_left(40)).wrapping_mul(MIXER);
    (mixed ^ mixed >> 29).wrapping_mul(MIXER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_ends_with_its_secret() {
        let steps = |length| trail(length).collect::<Vec<_>>();
        assert_eq!(steps(5), [5]);
        assert_eq!(steps(15), [5, 13, 15]);
        assert_eq!(steps(16), [5, 16]);
        assert_eq!(steps(95), [5, 16, 32, 64, 80, 92, 95]);
        for length in 5..3000 {
            assert_eq!(trail(length).last(), Some(length), "{length}");
        }
    }
}
