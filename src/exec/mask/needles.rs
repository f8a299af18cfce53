//! Which values are hidden, and the texts to look for on their account.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, Input, MatchKind};

use super::encodings::encodings;
use super::{Masker, SHORTEST};
use crate::sensitive::Sensitive;

/// Longer values are files; looking for one in all its spellings would cost more than anybody expects.
const LONGEST: usize = 1 << 16;

/// Words that too many programs print for other reasons (decision D25).
const COMMON: [&str; 4] = ["true", "false", "null", "localhost"];

/// Fewer digits than this are a port or a year.
const FEWEST_DIGITS: usize = 6;

/// What must not show. Prints as its name.
#[derive(Clone)]
pub struct Mask(Arc<Needles>);

/// Needles by what they begin with, so that one quick search finds where any of them may be.
pub(super) struct Needles {
    beginnings: AhoCorasick,
    /// In the order of `beginnings`; the longest first.
    by_beginning: Vec<Vec<Sensitive<Vec<u8>>>>,
}

impl Mask {
    /// Hides `secrets`, each line of them, and the common encodings of both. Gives back the places of those that are
    /// too short or too common to be told from other text, and of those too long to look for; an empty value shows
    /// nowhere.
    pub fn new<P>(
        secrets: impl IntoIterator<Item = (P, Sensitive<Vec<u8>>)>,
    ) -> Result<(Self, Vec<P>), BuildError> {
        let mut texts: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> = BTreeMap::new();
        let mut open = Vec::new();
        for (place, secret) in secrets {
            let value = without_line_ends(secret.expose());
            if !value.is_empty() && !is_telling(value) {
                open.push(place);
                continue;
            }
            let terminals = terminals(value);
            for text in parts(value).flat_map(encodings).chain(terminals) {
                if let Some(beginning) = text.get(..SHORTEST) {
                    texts.entry(beginning.to_vec()).or_default().insert(text);
                }
            }
        }
        Ok((Self(Arc::new(Needles::new(texts)?)), open))
    }

    /// Begins a stream.
    pub fn start(&self) -> Masker {
        Masker::new(Arc::clone(&self.0))
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mask")
    }
}

/// What is printed of a value that is the content of a file, or was.
fn without_line_ends(value: &[u8]) -> &[u8] {
    let length = value
        .iter()
        .rposition(|byte| !matches!(byte, b'\n' | b'\r'))
        .map_or(0, |last| last + 1);
    value.get(..length).unwrap_or(value)
}

/// The value as a terminal passes it on, if it has several lines: some of them may be too short to be hidden alone.
fn terminals(value: &[u8]) -> Option<Vec<u8>> {
    let lines: Vec<_> = value.split(|byte| *byte == b'\n').collect();
    (lines.len() > 1).then(|| lines.join(b"\r\n".as_slice()))
}

/// The value, and each of its lines that says something.
fn parts(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = value
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| is_telling(line));
    [value].into_iter().chain(lines)
}

fn is_telling(value: &[u8]) -> bool {
    let is_common = COMMON
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
    let is_number = value.len() < FEWEST_DIGITS && value.iter().all(u8::is_ascii_digit);
    (SHORTEST..=LONGEST).contains(&value.len()) && !is_number && !is_common
}

impl Needles {
    fn new(texts: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>) -> Result<Self, BuildError> {
        // Some kilobytes are nothing against the gain in speed over the more frugal kinds.
        let beginnings = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .kind(Some(AhoCorasickKind::DFA))
            .build(texts.keys())?;
        let longest_first = |texts: BTreeSet<Vec<u8>>| {
            let mut texts: Vec<_> = texts.into_iter().map(Sensitive::new).collect();
            texts.sort_by_key(|text| std::cmp::Reverse(text.expose().len()));
            texts
        };
        Ok(Self {
            beginnings,
            by_beginning: texts.into_values().map(longest_first).collect(),
        })
    }

    /// The first place in `text`, from `start` on, where one of ours may be, and those it may be.
    pub(super) fn find(&self, text: &[u8], start: usize) -> Option<(usize, &[Sensitive<Vec<u8>>])> {
        let found = self.beginnings.find(Input::new(text).range(start..))?;
        let candidates = self.by_beginning.get(found.pattern().as_usize())?;
        Some((found.start(), candidates))
    }

    /// Whether `end`, shorter than any of ours, may be the beginning of one.
    pub(super) fn may_begin_with(&self, end: &[u8]) -> bool {
        let mut firsts = self.by_beginning.iter().filter_map(|texts| texts.first());
        firsts.any(|text| text.expose().starts_with(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_short_or_too_common_stays_and_is_named() {
        // Whether it is named.
        let cases = [
            ("abcd", true),
            ("abcde", false),
            ("true", true),
            ("FALSE", true),
            ("null", true),
            ("localhost", true),
            ("localhost1", false),
            ("12345", true),
            ("123456", false),
            ("1234x", false),
            ("", false),
            // The end of a file's last line is no part of what shows.
            ("\n", false),
            ("abcd\n", true),
            ("true\r\n", true),
            ("12345\n\n", true),
            ("abcde\n", false),
        ];
        for (value, named) in cases {
            let secret = Sensitive::new(value.as_bytes().to_vec());
            let (_, open) = Mask::new([("NAME", secret)]).unwrap();
            assert_eq!(!open.is_empty(), named, "{value}");
        }
        let too_long = Sensitive::new(vec![b'x'; LONGEST + 1]);
        assert_eq!(Mask::new([("NAME", too_long)]).unwrap().1, ["NAME"]);
    }
}
