//! Fingerprints of byte strings: polynomials modulo a prime, at a secret random place, so that the fingerprint of any
//! piece of a text follows from those of two of its beginnings, and nobody can make two strings collide.

use crate::crypto::{self, random};

/// A Mersenne prime, by which division is cheap.
const PRIME: u64 = (1 << 61) - 1;

/// Bytes that are taken in one step.
const STRIDE: usize = 8;

/// One fingerprint of a beginning is kept for so many bytes: the fewer, the more memory, and the less is worked out again.
const SPACING: usize = 4;

/// The fingerprint of the empty string.
pub(super) const EMPTY: u64 = 0;

pub(super) struct Fingerprints {
    place: u64,
    /// For up to a spacing of bytes.
    few: [Terms<SPACING>; SPACING + 1],
    stride: Terms<STRIDE>,
}

/// How a fingerprint goes on by some bytes.
#[derive(Clone, Copy)]
struct Terms<const N: usize> {
    /// What the fingerprint before them, and each of them, is multiplied by. Those that are not there count nothing.
    before: u64,
    each: [u64; N],
    /// What they count if all are 0: a byte counts as one more than it is.
    sum: u128,
}

/// The fingerprints of the beginnings of a text that grows at its end and shrinks at its start, from some place on.
pub(super) struct Beginnings {
    /// The place of the first, in what is left of the text.
    base: usize,
    /// At each spacing from there.
    spaced: Vec<u64>,
}

impl Fingerprints {
    pub(super) fn at_random_place() -> Result<Self, crypto::Error> {
        // Small places would give short strings small fingerprints.
        let place = u64::from_le_bytes(random::bytes()?) % (PRIME >> 1) + (PRIME >> 2);
        Ok(Self {
            place,
            few: std::array::from_fn(|count| Terms::new(place, count)),
            stride: Terms::new(place, STRIDE),
        })
    }

    pub(super) fn extend(&self, fingerprint: u64, bytes: &[u8]) -> u64 {
        let (strides, rest) = bytes.as_chunks::<STRIDE>();
        let fingerprint = strides.iter().fold(fingerprint, |fingerprint, stride| {
            self.extend_by_stride(fingerprint, *stride)
        });
        let (few, rest) = rest.as_chunks::<SPACING>();
        let fingerprint = few.iter().fold(fingerprint, |fingerprint, few| {
            self.extend_by_few(fingerprint, *few, SPACING)
        });
        rest.iter().fold(fingerprint, |fingerprint, byte| {
            self.extend_by_few(fingerprint, [*byte, 0, 0, 0], 1)
        })
    }

    /// By the first `count` bytes, without a jump for each.
    fn extend_by_few(&self, fingerprint: u64, bytes: [u8; SPACING], count: usize) -> u64 {
        let Some(terms) = self.few.get(count) else {
            return fingerprint;
        };
        let [t3, t2, t1, t0] = terms.each;
        let [b3, b2, b1, b0] = bytes;
        let high = product(fingerprint, terms.before) + terms.sum;
        let low = byte(b3, t3) + byte(b2, t2) + byte(b1, t1) + byte(b0, t0);
        remainder(high + low)
    }

    /// One division instead of eight.
    fn extend_by_stride(&self, fingerprint: u64, bytes: [u8; STRIDE]) -> u64 {
        let [t7, t6, t5, t4, t3, t2, t1, t0] = self.stride.each;
        let [b7, b6, b5, b4, b3, b2, b1, b0] = bytes;
        let first = product(fingerprint, self.stride.before) + self.stride.sum;
        let high = byte(b7, t7) + byte(b6, t6) + byte(b5, t5) + byte(b4, t4);
        let low = byte(b3, t3) + byte(b2, t2) + byte(b1, t1) + byte(b0, t0);
        remainder(first + high + low)
    }

    /// By which a fingerprint is multiplied that `length` bytes follow.
    pub(super) fn power(&self, length: usize) -> u64 {
        power(self.place, length)
    }

    /// What a beginning counts within a longer one.
    pub(super) fn shift(&self, fingerprint: u64, power: u64) -> u64 {
        multiply(fingerprint, power)
    }
}

impl<const N: usize> Terms<N> {
    fn new(place: u64, count: usize) -> Self {
        let mut each = [0; N];
        for (term, exponent) in each.iter_mut().zip((0..count).rev()) {
            *term = power(place, exponent);
        }
        Self {
            before: power(place, count),
            each,
            sum: each.into_iter().map(u128::from).sum(),
        }
    }
}

impl Default for Beginnings {
    fn default() -> Self {
        Self {
            base: 0,
            spaced: vec![EMPTY],
        }
    }
}

impl Beginnings {
    /// Moves on to a place before which nothing will be asked for.
    pub(super) fn move_to(&mut self, place: usize) {
        // Where nothing was asked for, nothing is worked out.
        if place >= self.base + self.spaced.len() * SPACING {
            self.base = place;
            self.spaced.truncate(1);
        }
    }

    /// The fingerprint of `text` from the first place to `end`.
    pub(super) fn until(&mut self, by: &Fingerprints, text: &[u8], end: usize) -> u64 {
        let text = text.get(self.base..).unwrap_or_default();
        let end = end.saturating_sub(self.base);
        if self.spaced.len() <= end / SPACING {
            self.go_on(by, text, end / SPACING);
        }
        let before = self.spaced.get(end / SPACING).copied().unwrap_or(EMPTY);
        let rest = text.get(end - end % SPACING..).unwrap_or_default();
        match rest.first_chunk() {
            Some(bytes) => by.extend_by_few(before, *bytes, end % SPACING),
            None => by.extend(before, rest.get(..end % SPACING).unwrap_or_default()),
        }
    }

    fn go_on(&mut self, by: &Fingerprints, text: &[u8], last: usize) {
        let (pieces, _) = text.as_chunks::<SPACING>();
        let done = self.spaced.len() - 1;
        let mut fingerprint = self.spaced.last().copied().unwrap_or(EMPTY);
        let more = pieces.get(done..last).unwrap_or_default();
        self.spaced.extend(more.iter().map(|bytes| {
            fingerprint = by.extend_by_few(fingerprint, *bytes, SPACING);
            fingerprint
        }));
    }

    /// Forgets the start of the text, and returns how many of the first `most` bytes that are.
    pub(super) fn drop_start(&mut self, most: usize) -> usize {
        let Some(beyond) = most.checked_sub(self.base) else {
            self.base -= most;
            return most;
        };
        let pieces = beyond / SPACING;
        if pieces >= self.spaced.len() {
            *self = Self::default();
            return most;
        }
        self.spaced.drain(..pieces);
        std::mem::take(&mut self.base) + pieces * SPACING
    }
}

/// The fingerprint of a piece: of all until its end, without what the text before it, `shifted` by its length, counts.
pub(super) fn piece(all: u64, shifted: u64) -> u64 {
    reduce(all + (PRIME - shifted))
}

fn power(base: u64, exponent: usize) -> u64 {
    let (mut product, mut square, mut left) = (1, base, exponent);
    while left > 0 {
        if left % 2 == 1 {
            product = multiply(product, square);
        }
        square = multiply(square, square);
        left /= 2;
    }
    product
}

fn multiply(one: u64, other: u64) -> u64 {
    remainder(product(one, other))
}

fn product(one: u64, other: u64) -> u128 {
    u128::from(one) * u128::from(other)
}

fn byte(byte: u8, power: u64) -> u128 {
    product(byte.into(), power)
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
            for (start, length) in [(0, 1), (0, 4), (3, 16), (15, 15), (17, 101), (200, 256)] {
                let end = start + length;
                let alone = by.extend(EMPTY, &text[start..end]);
                let before = by.shift(beginnings.until(&by, &text, start), by.power(length));
                assert_eq!(piece(beginnings.until(&by, &text, end), before), alone);
            }
        }
    }

    #[test]
    fn the_place_is_another_each_time() {
        let place = |_| Fingerprints::at_random_place().unwrap().place;
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
