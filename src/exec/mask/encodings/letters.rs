//! Encoders that write each letter by itself, whatever stands beside it. What they make of a text follows from what they
//! make of its letters, and most of them make the same.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::json_string::json_string;
use super::markup::markup;
use super::percent::percent;
use super::shell::shell;

/// Stands behind each letter of a sample. No encoder changes it, or makes it of another letter.
const SEPARATOR: u8 = b'Z';

/// Samples whose spellings are kept: lines of one kind have the same letters.
const KEPT: usize = 64;

/// A text as the letters that some encoder may change, with what stands before each.
pub(in crate::exec::mask) struct Letters<'a> {
    runs: Vec<(&'a [u8], usize)>,
    end: &'a [u8],
    /// The letter at the start of the text, if it is one of those, and each of the others once.
    sample: Vec<u8>,
    is_text: bool,
}

/// The spellings of samples that were asked for before.
#[derive(Default)]
pub(super) struct Spellings(BTreeMap<(bool, Vec<u8>), Spelled>);

type Spelled = Rc<[Vec<u8>]>;

impl<'a> Letters<'a> {
    pub(super) fn of(value: &'a [u8]) -> Self {
        let text = std::str::from_utf8(value).ok();
        let is_text = text.is_some();
        // The end of the letter at a place.
        let letter_end = |start: usize| {
            let next = start + 1;
            match text {
                Some(text) => text.ceil_char_boundary(next),
                None => next,
            }
        };
        let mut places = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(offset) = value
            .get(at..)
            .and_then(|rest| rest.iter().position(is_special))
        {
            let start = at + offset;
            at = letter_end(start);
            let plain = value.get(from..start).unwrap_or_default();
            places.push((plain, value.get(start..at).unwrap_or_default(), start));
            from = at;
        }
        // A shell writes the first letter of a word otherwise.
        let (first, others) = match places.split_first() {
            Some(((_, letter, 0), others)) => (*letter, others),
            _ => (Default::default(), places.as_slice()),
        };
        let mut known: BTreeMap<&[u8], usize> = BTreeMap::new();
        known.extend(others.iter().map(|(_, letter, _)| (*letter, 0)));
        let mut sample = [first, &[SEPARATOR]].concat();
        for (index, (letter, place)) in (1..).zip(&mut known) {
            *place = index;
            sample.extend_from_slice(letter);
            sample.push(SEPARATOR);
        }
        let runs = places.iter().map(|(plain, letter, start)| {
            let index = match start {
                0 => 0,
                _ => known.get(letter).copied().unwrap_or_default(),
            };
            (*plain, index)
        });
        Self {
            runs: runs.collect(),
            end: value.get(from..).unwrap_or_default(),
            sample,
            is_text,
        }
    }

    /// Writes the text with another spelling of its sample.
    pub(super) fn write(&self, spelling: &[u8]) -> Vec<u8> {
        let pieces = self.pieces(spelling);
        let mut out = Vec::with_capacity(pieces.clone().map(<[u8]>::len).sum());
        pieces.for_each(|piece| out.extend_from_slice(piece));
        out
    }

    /// The length of what `write` makes.
    pub(super) fn length(&self, spelling: &[u8]) -> usize {
        self.pieces(spelling).map(<[u8]>::len).sum()
    }

    fn pieces<'b>(&'b self, spelling: &'b [u8]) -> impl Iterator<Item = &'b [u8]> + Clone {
        let letters: Rc<[&[u8]]> = spelling.split(|byte| *byte == SEPARATOR).collect();
        let runs = self.runs.iter().flat_map(move |(plain, letter)| {
            [*plain, letters.get(*letter).copied().unwrap_or_default()]
        });
        runs.chain([self.end])
    }
}

impl Spellings {
    /// How encoders write the sample, each spelling once.
    pub(super) fn of(&mut self, letters: &Letters<'_>) -> Spelled {
        let key = (letters.is_text, letters.sample.clone());
        if let Some(known) = self.0.get(&key) {
            return Rc::clone(known);
        }
        let spellings: Spelled = spellings(&letters.sample, letters.is_text).into();
        if self.0.len() == KEPT {
            self.0.clear();
        }
        self.0.insert(key, Rc::clone(&spellings));
        spellings
    }
}

fn spellings(sample: &[u8], is_text: bool) -> Vec<Vec<u8>> {
    let mut found = vec![sample.to_vec()];
    if sample.len() > 1 {
        found.extend(percent(sample));
        found.extend(shell(sample));
        if is_text && let Ok(text) = std::str::from_utf8(sample) {
            found.extend(json_string(text).into_iter().map(String::into_bytes));
            found.extend(markup(text).into_iter().map(String::into_bytes));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn is_special(byte: &u8) -> bool {
    !byte.is_ascii_alphanumeric()
}
