//! The texts to search for, by their prefixes, so that one quick search finds where any of them may be.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, Input, MatchKind};

use crate::sensitive::Sensitive;

pub(super) struct Needles {
    prefixes: AhoCorasick,
    /// In the order of `prefixes`; the longest first.
    by_prefix: Vec<Vec<Sensitive<Vec<u8>>>>,
}

impl Needles {
    pub(super) fn new(texts: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>) -> Result<Self, BuildError> {
        // A DFA takes some kilobytes more than the other kinds, and is faster.
        let prefixes = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .kind(Some(AhoCorasickKind::DFA))
            .build(texts.keys())?;
        let longest_first = |texts: BTreeSet<Vec<u8>>| {
            let mut texts: Vec<_> = texts.into_iter().map(Sensitive::new).collect();
            texts.sort_by_key(|text| Reverse(text.expose().len()));
            texts
        };
        Ok(Self {
            prefixes,
            by_prefix: texts.into_values().map(longest_first).collect(),
        })
    }

    /// Returns the first place in `text`, from `start` on, where a needle may be, and those it may be.
    pub(super) fn find(&self, text: &[u8], start: usize) -> Option<(usize, &[Sensitive<Vec<u8>>])> {
        let found = self.prefixes.find(Input::new(text).range(start..))?;
        let candidates = self.by_prefix.get(found.pattern().as_usize())?;
        Some((found.start(), candidates))
    }

    /// Whether a needle begins with `end`, which is shorter than any prefix.
    pub(super) fn any_starts_with(&self, end: &[u8]) -> bool {
        let mut firsts = self.by_prefix.iter().filter_map(|texts| texts.first());
        firsts.any(|text| text.expose().starts_with(end))
    }
}
