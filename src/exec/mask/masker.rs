//! Replaces secrets in a stream, whatever pieces it comes in: the result depends on the bytes alone.

use std::ops::Range;
use std::sync::Arc;

use super::needles::Needles;
use super::{MARK, MIN_LENGTH};
use crate::sensitive::Sensitive;

/// One stream. Secrets that overlap hide under one mark.
pub struct Masker {
    needles: Arc<Needles>,
    /// May be the beginning of a secret, and is not shown yet.
    held: Sensitive<Vec<u8>>,
    /// The length of the part of `held` that is already under a mark.
    covered: usize,
    /// The last result, kept for its memory.
    shown: Vec<u8>,
}

struct Match {
    start: usize,
    /// The length of the longest secret at `start`; 0 if there is none yet.
    length: usize,
    /// Whether the bytes to come could make it a longer one.
    may_grow: bool,
}

impl Masker {
    pub(super) fn new(needles: Arc<Needles>) -> Self {
        Self {
            needles,
            held: Sensitive::default(),
            covered: 0,
            shown: Vec::new(),
        }
    }

    /// Whether some bytes wait for those to come.
    pub fn holds(&self) -> bool {
        !self.held.expose().is_empty()
    }

    /// Returns what can be shown by now.
    pub fn push(&mut self, bytes: &[u8]) -> &[u8] {
        self.shown.clear();
        if self.holds() {
            let mut held = std::mem::take(&mut self.held);
            held.expose_mut().extend_from_slice(bytes);
            self.read(held.expose(), false);
        } else {
            self.read(bytes, false);
        }
        &self.shown
    }

    /// Returns what was held, at the end of the stream or after waiting long enough.
    pub fn release(&mut self) -> &[u8] {
        self.shown.clear();
        let held = std::mem::take(&mut self.held);
        self.read(held.expose(), true);
        &self.shown
    }

    fn read(&mut self, text: &[u8], last: bool) {
        let mut covered = std::mem::take(&mut self.covered);
        let mut next = 0;
        let mut hold = text.len();
        while let Some(found) = self.find(text, next, last) {
            if found.length > 0 {
                // A secret that begins under a mark only extends it.
                if found.start >= covered {
                    self.show(text, covered..found.start);
                    self.shown.extend_from_slice(MARK);
                }
                covered = covered.max(found.start + found.length);
            }
            if found.may_grow {
                hold = found.start;
                break;
            }
            next = found.start + 1;
        }
        self.show(text, covered..hold);
        self.covered = covered.saturating_sub(hold);
        if let Some(rest) = text.get(hold..) {
            self.held.expose_mut().extend_from_slice(rest);
        }
    }

    /// Returns the first place from `next` on where a secret is or may begin.
    fn find(&self, text: &[u8], mut next: usize, last: bool) -> Option<Match> {
        while let Some((start, candidates)) = self.needles.find(text, next) {
            let rest = text.get(start..)?;
            let mut candidates = candidates.iter().map(Sensitive::expose);
            // The longest comes first, so those that may grow precede the match.
            let may_grow = |candidate: &Vec<u8>| {
                !last && candidate.len() > rest.len() && candidate.starts_with(rest)
            };
            let mut found = Match {
                start,
                length: 0,
                may_grow: false,
            };
            for candidate in &mut candidates {
                found.may_grow |= may_grow(candidate);
                if rest.starts_with(candidate) {
                    found.length = candidate.len();
                    break;
                }
            }
            if found.length > 0 || found.may_grow {
                return Some(found);
            }
            next = start + 1;
        }
        if last {
            return None;
        }
        let too_short = text.len().saturating_sub(MIN_LENGTH - 1).max(next);
        let may_begin = |start: &usize| {
            text.get(*start..)
                .is_some_and(|end| self.needles.any_starts_with(end))
        };
        Some(Match {
            start: (too_short..text.len()).find(may_begin)?,
            length: 0,
            may_grow: true,
        })
    }

    /// Shows nothing where the range runs backwards: then a mark covers all of it.
    fn show(&mut self, text: &[u8], range: Range<usize>) {
        self.shown
            .extend_from_slice(text.get(range).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Mask, encodings::encodings};
    use super::*;

    fn mask(secrets: &[&str]) -> Mask {
        let secrets = secrets
            .iter()
            .map(|secret| ((), Sensitive::new(secret.as_bytes().to_vec())));
        Mask::new(secrets).unwrap().0
    }

    fn masker(secrets: &[&str]) -> Masker {
        mask(secrets).start()
    }

    fn masked(mut masker: Masker, pieces: &[&[u8]]) -> String {
        let mut all = Vec::new();
        for piece in pieces {
            all.extend_from_slice(masker.push(piece));
        }
        all.extend_from_slice(masker.release());
        String::from_utf8(all).unwrap()
    }

    #[test]
    fn secrets_hide_under_marks_and_the_rest_stays() {
        let cases: [(&[&str], &str, &str); 12] = [
            (&["canary"], "a canary, ten canaryes", "a ****, ten ****es"),
            (&["canary"], "canarycanary", "********"),
            (&["canar"], "cana", "cana"),
            (&["canary"], "cacacanary", "caca****"),
            (&["canary-1", "canary"], "canary-2 canary-1", "****-2 ****"),
            // Overlapping ones leave no end of either.
            (&["abcdefg", "efghijk"], "-abcdefghijk-", "-****-"),
            (&["aaaaa"], "aaaaaaaaaaaaab", "****b"),
            (
                &["first line\nsecond line\n"],
                "second line\r\nfirst line",
                "****\r\n****",
            ),
            (
                &["first line\nsecond line\n"],
                "first line\nsecond line\n",
                "****\n",
            ),
            // As a terminal shows it; each line is too short to be hidden alone.
            (&["can\nary\n"], "can\r\nary\r\n", "****\r\n"),
            (&["canary"], "x=Y2FuYXJ5", "x=****"),
            (&["canary"], "63616e617279 %", "**** %"),
        ];
        for (secrets, text, expected) in cases {
            assert_eq!(
                masked(masker(secrets), &[text.as_bytes()]),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn only_what_may_become_a_secret_is_held() {
        let mut masker = masker(&["canary"]);
        assert_eq!(masker.push(b"unrelated "), b"unrelated ");
        assert!(!masker.holds());
        assert_eq!(masker.push(b"xcan"), b"x");
        assert!(masker.holds());
        assert_eq!(masker.push(b"dle "), b"candle ");
        assert_eq!(masker.push(b"can"), b"");
        assert_eq!(masker.release(), b"can");
        assert_eq!(masker.push(b"ary "), b"ary ");
    }

    /// The expected result, from all of the text at once.
    fn naive(secrets: &[&str], text: &str) -> String {
        let (mut shown, mut covered) = (String::new(), 0);
        for (at, letter) in text.char_indices() {
            let here = secrets
                .iter()
                .filter(|secret| text[at..].starts_with(**secret));
            if let Some(longest) = here.map(|secret| secret.len()).max() {
                if at >= covered {
                    shown.push_str("****");
                }
                covered = covered.max(at + longest);
            }
            if at >= covered {
                shown.push(letter);
            }
        }
        shown
    }

    proptest! {
        #[test]
        fn the_result_does_not_depend_on_the_pieces(
            secrets in prop::collection::vec("[ab]{5,9}|(ab){3,6}c", 1..4),
            text in "[abc]{0,60}",
            cuts in prop::collection::vec(0_usize..61, 0..6),
        ) {
            let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
            let expected = naive(&secrets, &text);
            let text = text.as_bytes();
            prop_assert_eq!(&masked(masker(&secrets), &[text]), &expected);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Vec::new();
            let mut from = 0;
            for cut in cuts.into_iter().chain([text.len()]) {
                pieces.push(&text[from..cut]);
                from = cut;
            }
            prop_assert_eq!(&masked(masker(&secrets), &pieces), &expected);
            let bytes: Vec<&[u8]> = text.chunks(1).collect();
            prop_assert_eq!(&masked(masker(&secrets), &bytes), &expected);
        }

        #[test]
        fn every_encoding_hides_across_every_cut(secret in "[a-z][ -~é]{5,19}") {
            let mask = mask(&[&secret]);
            for spelling in encodings(secret.as_bytes()) {
                if spelling.len() < MIN_LENGTH {
                    continue;
                }
                let text = [b"\x01".as_slice(), &spelling, b"\x02"].concat();
                for cut in 0..text.len() {
                    let mut masker = mask.start();
                    let mut all = masker.push(&text[..cut]).to_vec();
                    all.extend_from_slice(masker.push(&text[cut..]));
                    all.extend_from_slice(masker.release());
                    prop_assert_eq!(&all, b"\x01****\x02", "{:?}", String::from_utf8_lossy(&spelling));
                }
            }
        }
    }
}
