//! The steps of all trails, by fingerprint.

use std::hint;
use std::iter;
use std::mem;
use std::sync::atomic::{AtomicU32, Ordering};

/// The bits of a length: one more than the most bytes that are masked need.
const LENGTH: u32 = 24;
const LENGTHS: u32 = (1 << LENGTH) - 1;

/// What is known of a step before somebody asks for its longest secret, and where there is none.
const UNKNOWN: u32 = 0;
const NONE: u32 = 1;

/// Steps that are added together: their places are far apart, and the memory fetches many at a time.
const TOGETHER: usize = 64;

/// A hash table of a fixed size, which is made larger than the number of its steps.
pub(super) struct Table {
    slots: Vec<Slot>,
    waiting: Vec<NewStep>,
}

/// A step on the trail of a secret of length `reach`.
pub(super) struct NewStep {
    pub(super) hash: u64,
    pub(super) reach: usize,
    pub(super) is_end: bool,
}

#[derive(Default)]
struct Slot {
    /// Low bits of the hash.
    low: u32,
    /// More of them, and the length of the longest secret on whose trail the step lies. 0 is a free slot.
    reach: u32,
    /// The length of the longest secret that the step's bytes begin with, `NONE` or `UNKNOWN`.
    longest: AtomicU32,
}

#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) reach: usize,
    longest: &'a AtomicU32,
}

impl Table {
    pub(super) fn new(steps: usize) -> Self {
        let slots = steps + steps / 6 + 8;
        Self {
            slots: iter::repeat_with(Slot::default).take(slots).collect(),
            waiting: Vec::with_capacity(TOGETHER),
        }
    }

    /// Adds a step, at the latest when it is [finished](Self::finish).
    pub(super) fn add(&mut self, step: NewStep) {
        self.waiting.push(step);
        if self.waiting.len() == TOGETHER {
            self.finish();
        }
    }

    pub(super) fn finish(&mut self) {
        let waiting = mem::take(&mut self.waiting);
        let first_keys = waiting.iter().filter_map(|step| {
            let slot = self.slots.get(self.first_place(step.hash))?;
            Some(slot.low)
        });
        hint::black_box(first_keys.fold(0, |all, key| all ^ key));
        for step in &waiting {
            self.insert(step);
        }
        self.waiting = waiting;
        self.waiting.clear();
    }

    fn insert(&mut self, step: &NewStep) {
        let place = self.place(step.hash);
        let Some(slot) = self.slots.get_mut(place) else {
            return;
        };
        let reach = step.reach as u32;
        let (low, rest) = tag(step.hash);
        slot.low = low;
        slot.reach = rest | reach.max(slot.reach & LENGTHS);
        if step.is_end {
            *slot.longest.get_mut() = reach;
        }
    }

    pub(super) fn get(&self, hash: u64) -> Option<Step<'_>> {
        let slot = self.slots.get(self.place(hash))?;
        (slot.reach != 0).then_some(Step {
            reach: (slot.reach & LENGTHS) as usize,
            longest: &slot.longest,
        })
    }

    /// The place of the hash, or a free one.
    fn place(&self, hash: u64) -> usize {
        let first = self.first_place(hash);
        let tag = tag(hash);
        let fits = |slot: &Slot| slot.reach == 0 || (slot.low, slot.reach & !LENGTHS) == tag;
        let after = self.slots.get(first..).unwrap_or_default();
        match after.iter().position(fits) {
            Some(offset) => first + offset,
            None => self.slots.iter().position(fits).unwrap_or(self.slots.len()),
        }
    }

    fn first_place(&self, hash: u64) -> usize {
        ((u128::from(hash) * self.slots.len() as u128) >> 64) as usize
    }
}

impl Step<'_> {
    /// The length of the longest secret that its bytes begin with, 0 if there is none; `None` if nobody has asked.
    pub(super) fn longest(self) -> Option<usize> {
        match self.longest.load(Ordering::Relaxed) {
            UNKNOWN => None,
            NONE => Some(0),
            length => Some(length as usize),
        }
    }

    pub(super) fn note_longest(self, length: usize) {
        let length = (length as u32).max(NONE);
        self.longest.store(length, Ordering::Relaxed);
    }
}

/// The low bits, which do not decide on the place.
fn tag(hash: u64) -> (u32, u32) {
    (hash as u32, ((hash >> 32) as u32) << LENGTH)
}
