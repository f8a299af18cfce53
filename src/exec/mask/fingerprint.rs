//! Fingerprints of byte strings: polynomials modulo a prime, at a secret random place, so that the fingerprint of any
//! piece of a text follows from those of two of its beginnings, and nobody can make two strings collide.

use crate::crypto::{self, random};

/// A Mersenne prime, by which division is cheap.
const PRIME: u64 = (1 << 61) - 1;

/// Bytes that are taken in one step. One fingerprint of a beginning is kept for so many.
const STRIDE: usize = 8;

/// The fingerprint of the empty string.
pub(super) const EMPTY: u64 = 0;

pub(super) struct Fingerprints {
    /// The random place by 1, 2, 4, 8 ….
    by_doubling: [u64; 32],
    /// The random place by 8 and less.
    by_stride: [u64; STRIDE],
}

/// The fingerprints of the beginnings of a text that grows at its end and shrinks at its start, from some place on.
pub(super) struct Beginnings {
    /// The place of the first, in what is left of the text.
    base: usize,
    /// At each stride from there.
    at_strides: Vec<u64>,
}

impl Fingerprints {
    pub(super) fn at_random_place() -> Result<Self, crypto::Error> {
        // Small places would give short strings small fingerprints.
        let place = u64::from_le_bytes(random::bytes()?) % (PRIME >> 1) + (PRIME >> 2);
        let mut power = place;
        let by_doubling = std::array::from_fn(|_| {
            let this = power;
            power = multiply(power, power);
            this
        });
        let mut power = 1;
        let mut by_stride = std::array::from_fn(|_| {
            power = multiply(power, place);
            power
        });
        by_stride.reverse();
        Ok(Self {
            by_doubling,
            by_stride,
        })
    }

    pub(super) fn extend(&self, fingerprint: u64, bytes: &[u8]) -> u64 {
        let (strides, rest) = bytes.as_chunks::<STRIDE>();
        let fingerprint = strides.iter().fold(fingerprint, |fingerprint, stride| {
            self.extend_by_stride(fingerprint, *stride)
        });
        let powers = self.by_stride.get(STRIDE - rest.len()..);
        let Some([power, lower @ ..]) = powers else {
            return fingerprint;
        };
        let terms = rest.iter().zip(lower.iter().chain([&1]));
        let sum: u128 = terms
            .map(|(byte, power)| (u128::from(*byte) + 1) * u128::from(*power))
            .sum();
        remainder(u128::from(fingerprint) * u128::from(*power) + sum)
    }

    /// One division instead of eight.
    fn extend_by_stride(&self, fingerprint: u64, bytes: [u8; STRIDE]) -> u64 {
        let [p8, p7, p6, p5, p4, p3, p2, p1] = self.by_stride.map(u128::from);
        let [b7, b6, b5, b4, b3, b2, b1, b0] = bytes.map(|byte| u128::from(byte) + 1);
        let high = u128::from(fingerprint) * p8 + b7 * p7 + b6 * p6 + b5 * p5;
        remainder(high + b4 * p4 + b3 * p3 + b2 * p2 + b1 * p1 + b0)
    }

    /// What a beginning counts within one that is longer by `1 << doubling` bytes.
    pub(super) fn shift(&self, fingerprint: u64, doubling: u32) -> u64 {
        let power = self.by_doubling.get(doubling as usize);
        multiply(fingerprint, power.copied().unwrap_or_default())
    }
}

impl Default for Beginnings {
    fn default() -> Self {
        Self {
            base: 0,
            at_strides: vec![EMPTY],
        }
    }
}

impl Beginnings {
    /// Moves on to a place before which nothing will be asked for.
    pub(super) fn move_to(&mut self, place: usize) {
        // Where nothing was asked for, nothing is worked out.
        if place >= self.base + self.at_strides.len() * STRIDE {
            self.base = place;
            self.at_strides.truncate(1);
        }
    }

    /// The fingerprint of `text` from the first place to `end`.
    pub(super) fn until(&mut self, by: &Fingerprints, text: &[u8], end: usize) -> u64 {
        let text = text.get(self.base..).unwrap_or_default();
        let end = end.saturating_sub(self.base);
        let stride = end / STRIDE;
        while self.at_strides.len() <= stride {
            let start = (self.at_strides.len() - 1) * STRIDE;
            let bytes = text.get(start..start + STRIDE).unwrap_or_default();
            let last = self.at_strides.last().copied().unwrap_or(EMPTY);
            self.at_strides.push(by.extend(last, bytes));
        }
        let at_stride = self.at_strides.get(stride).copied().unwrap_or(EMPTY);
        by.extend(
            at_stride,
            text.get(stride * STRIDE..end).unwrap_or_default(),
        )
    }

    /// Forgets the start of the text, and returns how many of the first `most` bytes that are.
    pub(super) fn drop_start(&mut self, most: usize) -> usize {
        let Some(beyond) = most.checked_sub(self.base) else {
            self.base -= most;
            return most;
        };
        let strides = beyond / STRIDE;
        if strides >= self.at_strides.len() {
            *self = Self::default();
            return most;
        }
        self.at_strides.drain(..strides);
        std::mem::take(&mut self.base) + strides * STRIDE
    }
}

/// The fingerprint of a piece: of all until its end, without what the text before it, `shifted` by its length, counts.
pub(super) fn piece(all: u64, shifted: u64) -> u64 {
    reduce(all + (PRIME - shifted))
}

fn multiply(one: u64, other: u64) -> u64 {
    remainder(u128::from(one) * u128::from(other))
}

fn remainder(number: u128) -> u64 {
    // At most 2^61 - 1 and 2^67 at first, then at most twice the prime.
    let folded = (number & u128::from(PRIME)) + (number >> 61);
    reduce((folded as u64 & PRIME) + (folded >> 61) as u64)
}

/// Brings a number below twice the prime back below it.
fn reduce(number: u64) -> u64 {
    number.checked_sub(PRIME).unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_has_the_fingerprint_of_its_bytes() {
        let by = Fingerprints::at_random_place().unwrap();
        let mut text: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let mut beginnings = Beginnings::default();
        for dropped in [0, 5, 16, 100, 33] {
            let dropped = beginnings.drop_start(dropped);
            text.drain(..dropped);
            for (start, doubling) in [(0, 0), (0, 2), (3, 4), (15, 4), (17, 7), (200, 8)] {
                let end = start + (1 << doubling);
                let alone = by.extend(EMPTY, &text[start..end]);
                let before = by.shift(beginnings.until(&by, &text, start), doubling);
                assert_eq!(piece(beginnings.until(&by, &text, end), before), alone);
            }
        }
    }

    #[test]
    fn the_place_is_another_each_time() {
        let place = |_| Fingerprints::at_random_place().unwrap().by_doubling[0];
        let places: std::collections::BTreeSet<_> = (0..20).map(place).collect();
        assert_eq!(places.len(), 20);
    }

    #[test]
    fn the_largest_numbers_have_a_remainder() {
        for number in [
            0,
            u128::from(PRIME),
            u128::from(PRIME) * u128::from(PRIME),
            u128::MAX >> 4,
        ] {
            assert_eq!(u128::from(remainder(number)), number % u128::from(PRIME));
        }
    }
}
