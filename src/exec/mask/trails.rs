//! Finds the longest of many secrets at a place of a text, by fingerprints alone: no secret is kept, and the work for a
//! place grows with the logarithms of the longest length and of the number of lengths.
//!
//! A secret leaves a trail: the fingerprints of its first bytes, as many as each of its `stops` says. Whoever follows the
//! text along the anchors, and then halves what is left, ends at the end of the longest secret, or beyond it on the trail
//! of a longer one, which then tells.

use ksm_kernels::starts::{MIN_LENGTH, MIXER, Starts};

use super::fingerprint::{Beginnings, EMPTY, Fingerprints, piece};
use super::stops::{Lengths, Stop, Stops};
use super::table::{NewStep, Step, Table};
use crate::crypto;

/// Where secrets of certain lengths would have their steps.
pub(super) struct Plan {
    by: Fingerprints,
    stops: Stops,
    starts: Starts,
    pub(super) steps: usize,
}

pub(super) struct Trails {
    by: Fingerprints,
    stops: Stops,
    steps: Table,
    starts: Starts,
}

/// A text that is read from start to end, with the fingerprints of its beginnings.
pub(super) struct Reading<'a> {
    pub(super) text: &'a [u8],
    pub(super) beginnings: &'a mut Beginnings,
    /// Where the last walk ended, which is likely to be on the trail at the next place, too.
    pub(super) hint: Option<Hint>,
}

/// A stop in a group.
#[derive(Clone, Copy)]
pub(super) struct Hint {
    group: usize,
    stop: Stop,
}

/// How far the text follows the trails from a place.
struct Walk<'a> {
    length: usize,
    step: Step<'a>,
    may_grow: bool,
}

impl Plan {
    pub(super) fn new(lengths: &Lengths) -> Result<Self, crypto::Error> {
        let by = Fingerprints::at_random_place()?;
        let stops = Stops::new(&by, lengths);
        Ok(Self {
            starts: Starts::new(lengths.secrets(), lengths.shortest()),
            steps: lengths.steps(&stops),
            by,
            stops,
        })
    }
}

impl Trails {
    /// For secrets of the lengths that were planned.
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            by: plan.by,
            stops: plan.stops,
            steps: Table::new(plan.steps),
            starts: plan.starts,
        }
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
        let Self {
            by, stops, steps, ..
        } = self;
        let (mut fingerprint, mut from) = (EMPTY, 0);
        stops.along(secret.len(), |stop| {
            let more = secret.get(from..stop.length).unwrap_or_default();
            fingerprint = by.extend(fingerprint, more);
            from = stop.length;
            steps.add(NewStep {
                hash: hash(fingerprint, stop.length),
                reach: secret.len(),
                is_end: stop.length == secret.len(),
            });
        });
    }

    /// Has to be called after the last secret.
    pub(super) fn finish(&mut self) {
        self.steps.finish();
    }

    /// Returns the length of the longest secret at a place, and whether the bytes to come could make it a longer one.
    pub(super) fn longest(&self, reading: &mut Reading<'_>, start: usize) -> (usize, bool) {
        reading.beginnings.move_to(start);
        let available = reading.text.len() - start;
        match self.walk(reading, start, available) {
            Some(walk) => (self.longest_along(&walk, reading, start), walk.may_grow),
            None => (0, false),
        }
    }

    /// A step knows its longest secret after the first time that it is asked for it.
    fn longest_along(&self, walk: &Walk<'_>, reading: &mut Reading<'_>, start: usize) -> usize {
        walk.step.longest().unwrap_or_else(|| {
            let shorter = self.walk(reading, start, walk.length - 1);
            let longest = shorter.map_or(0, |walk| self.longest_along(&walk, reading, start));
            walk.step.note_longest(longest);
            longest
        })
    }

    /// Follows the text over at most `most` bytes.
    fn walk(&self, reading: &mut Reading<'_>, start: usize, most: usize) -> Option<Walk<'_>> {
        let (text, beginnings) = (reading.text, &mut *reading.beginnings);
        let before = beginnings.until(&self.by, text, start);
        let mut step_at = |stop: &Stop| {
            let all = beginnings.until(&self.by, text, start + stop.length);
            let shifted = self.by.shift(before, stop.power);
            self.steps.get(hash(piece(all, shifted), stop.length))
        };
        let groups = self.stops.groups();
        let mut anchor_at = |index: usize, most: usize| {
            let group = groups.get(index)?;
            let is_within = group.anchor.length <= most;
            let step = is_within.then(|| step_at(&group.anchor)).flatten();
            Some((index, group, step?))
        };
        // Where the text is on a trail at an anchor, it is at those before.
        let hint = reading.hint.filter(|hint| hint.stop.length <= most);
        let mut reached = hint.and_then(|hint| anchor_at(hint.group, most));
        let hint = hint.filter(|_| reached.is_some());
        loop {
            let (next, most) = match &reached {
                Some((index, _, step)) => (index + 1, most.min(step.reach)),
                None => (0, most),
            };
            match anchor_at(next, most) {
                Some(further) => reached = Some(further),
                None => break,
            }
        }
        let (index, group, mut step) = reached?;
        // All that is there was followed; whether finer steps would be, is not known yet.
        let next = groups.get(index + 1).map(|group| group.anchor.length);
        let may_grow = next.is_none_or(|next| next > most) && step.reach > most;
        let mut last = group.anchor;
        // So it is within a group, where the way to a stop is always the same.
        let hint = hint.filter(|hint| hint.group == index && hint.stop.length > last.length);
        let mut hinted = hint.and_then(|hint| Some((hint.stop, step_at(&hint.stop)?)));
        group.search(|stop| {
            let found = match hinted {
                Some((hint, _)) if stop.length < hint.length => return true,
                Some((hint, _)) if stop.length == hint.length => hinted.take(),
                _ if stop.length <= most.min(step.reach) => step_at(stop).map(|step| (*stop, step)),
                _ => None,
            };
            if let Some(found) = found {
                (last, step) = found;
            }
            found.is_some()
        });
        reading.hint = Some(Hint {
            group: index,
            stop: last,
        });
        Some(Walk {
            length: last.length,
            step,
            may_grow,
        })
    }
}

/// Mixes the bits, since fingerprints are below a power of two.
fn hash(fingerprint: u64, length: usize) -> u64 {
    let mixed = (fingerprint ^ (length as u64).rotate_left(40)).wrapping_mul(MIXER);
    (mixed ^ mixed >> 29).wrapping_mul(MIXER)
}
