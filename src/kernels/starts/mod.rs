//! Finds where a secret may begin in a text. All output of a masked program passes here.

mod pieces;

use self::pieces::{Pieces, Set};

/// Shorter texts are not hidden, and texts are searched for by a prefix of this length.
pub const MIN_LENGTH: usize = 5;

/// An odd number whose product mixes all bits.
pub const MIXER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Bytes of a piece.
const PIECE: usize = size_of::<u32>();

const BEGINNING_MASK: u64 = (1 << (8 * MIN_LENGTH)) - 1;

const WORD: usize = size_of::<u64>();

/// Bytes that are looked at together.
const BLOCK: usize = 4 * WORD;

/// What is known of the first bytes of secrets: it may say yes to others.
pub struct Starts {
    /// For each beginning of 1 to `MIN_LENGTH` bytes.
    beginnings: [Bits; MIN_LENGTH],
    /// Those at the first places, as many as the stride. One of them lies at a multiple of the stride.
    pieces: Pieces,
    stride: Stride,
}

/// The longer the shortest secret, the fewer pieces of a text have to be looked at.
#[derive(Clone, Copy)]
enum Stride {
    Two = 2,
    Four = 4,
    Eight = 8,
}

/// A set of short strings by one bit of each, at its hash.
struct Bits {
    words: Vec<u64>,
    /// What of a hash is left over.
    shift: u32,
}

impl Starts {
    /// For as many secrets, none of them shorter than `shortest` bytes.
    pub fn new(secrets: usize, shortest: usize) -> Self {
        let strides = [Stride::Eight, Stride::Four];
        let fits = |stride: &Stride| *stride as usize + PIECE - 1 <= shortest;
        let stride = strides.into_iter().find(fits).unwrap_or(Stride::Two);
        Self {
            beginnings: std::array::from_fn(|index| Bits::new(16 * secrets, index + 1)),
            pieces: Pieces::new(secrets * stride as usize),
            stride,
        }
    }

    /// Adds a secret of at least `MIN_LENGTH` bytes.
    pub fn add(&mut self, secret: &[u8]) {
        let packed = pack(secret.get(..MIN_LENGTH).unwrap_or_default());
        for (length, bits) in (1..).zip(&mut self.beginnings) {
            bits.set(packed & ((1 << (8 * length)) - 1));
        }
        let pieces = secret.array_windows::<PIECE>();
        for piece in pieces.take(self.stride as usize) {
            self.pieces.set(u32::from_le_bytes(*piece));
        }
    }

    /// Returns the first place from `start` on where a secret may begin. Ends too short to tell are left out.
    #[inline(never)]
    pub fn find(&self, text: &[u8], start: usize) -> Option<usize> {
        let rest = text.get(start..)?;
        // Where one begins, one is likely to begin right behind it.
        if self.may_begin_at(rest, 0) {
            return Some(start);
        }
        let place = match &self.pieces {
            Pieces::Few(pieces) => self.find_with(pieces, rest),
            Pieces::Some(pieces) => self.find_with(pieces, rest),
            Pieces::Many(pieces) => self.find_with(pieces, rest),
        };
        Some(start + place?)
    }

    fn find_with(&self, pieces: &impl Set, text: &[u8]) -> Option<usize> {
        match self.stride {
            Stride::Two => self.find_by::<2>(pieces, text),
            Stride::Four => self.find_by::<4>(pieces, text),
            Stride::Eight => self.find_by::<8>(pieces, text),
        }
    }

    fn find_by<const STRIDE: usize>(&self, pieces: &impl Set, text: &[u8]) -> Option<usize> {
        let (blocks, _) = text.as_chunks::<BLOCK>();
        let mut done = 0;
        for [block, next] in blocks.array_windows() {
            if may_begin_in::<STRIDE>(pieces, block, next)
                && let Some(place) = self.find_near::<STRIDE>(pieces, text, done)
            {
                return Some(place);
            }
            done += BLOCK;
        }
        self.find_slowly(text, (done + 1).saturating_sub(STRIDE), text.len())
    }

    /// Looks at the places from which one of the block's pieces is reached.
    #[inline(never)]
    fn find_near<const STRIDE: usize>(
        &self,
        pieces: &impl Set,
        text: &[u8],
        block: usize,
    ) -> Option<usize> {
        let mut places = (block..block + BLOCK).step_by(STRIDE);
        places.find_map(|at| {
            let piece = text.get(at..)?.first_chunk()?;
            let is_known = pieces.has(u32::from_le_bytes(*piece)) == 1;
            is_known.then(|| self.find_slowly(text, (at + 1).saturating_sub(STRIDE), at + 1))?
        })
    }

    /// Looks at each of the places.
    fn find_slowly(&self, text: &[u8], from: usize, until: usize) -> Option<usize> {
        let until = until.min((text.len() + 1).saturating_sub(MIN_LENGTH));
        (from..until).find(|place| self.may_begin_at(text, *place))
    }

    #[inline]
    fn may_begin_at(&self, text: &[u8], place: usize) -> bool {
        let [.., bits] = &self.beginnings;
        let rest = text.get(place..).unwrap_or_default();
        match rest.first_chunk::<WORD>() {
            Some(word) => bits.has(u64::from_le_bytes(*word) & BEGINNING_MASK),
            None => {
                let start = rest.get(..MIN_LENGTH);
                start.is_some_and(|start| bits.has(pack(start)))
            }
        }
    }

    /// Whether a secret may begin with these few bytes.
    #[inline(never)]
    pub fn may_begin_with(&self, end: &[u8]) -> bool {
        let bits = end.len().checked_sub(1);
        bits.and_then(|index| self.beginnings.get(index))
            .is_some_and(|bits| bits.has(pack(end)))
    }
}

/// Whether a secret may begin in the block, or less than a stride before it.
#[inline]
fn may_begin_in<const STRIDE: usize>(
    pieces: &impl Set,
    block: &[u8; BLOCK],
    next: &[u8; BLOCK],
) -> bool {
    // The lower half of a word is a piece.
    let has = |word: u64| pieces.has(word as u32);
    let [w0, w1, w2, w3] = words(block);
    let [w4, ..] = words(next);
    // All without a jump.
    let mut any = has(w0) | has(w1) | has(w2) | has(w3);
    if STRIDE <= 4 {
        any |= has(w0 >> 32) | has(w1 >> 32) | has(w2 >> 32) | has(w3 >> 32);
    }
    if STRIDE <= 2 {
        any |= has(w0 >> 16) | has(w1 >> 16) | has(w2 >> 16) | has(w3 >> 16);
        let across = |word: u64, next: u64| has(word >> 48 | next << 16);
        any |= across(w0, w1) | across(w1, w2) | across(w2, w3) | across(w3, w4);
    }
    any != 0
}

impl Bits {
    /// For about `wanted` bits, and strings of `length` bytes.
    fn new(wanted: usize, length: usize) -> Self {
        let enough = 1 << (8 * length).min(23);
        let bits = wanted
            .next_power_of_two()
            .clamp(1 << 16, 1 << 23)
            .min(enough);
        Self {
            words: vec![0; bits / 64],
            shift: 64 - bits.ilog2(),
        }
    }

    fn set(&mut self, packed: u64) {
        let bit = self.bit(packed);
        if let Some(word) = self.words.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    #[inline]
    fn has(&self, packed: u64) -> bool {
        let bit = self.bit(packed);
        let word = self.words.get(bit / 64);
        word.is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    #[inline]
    fn bit(&self, packed: u64) -> usize {
        (packed.wrapping_mul(MIXER) >> self.shift) as usize
    }
}

fn words(block: &[u8; BLOCK]) -> [u64; BLOCK / WORD] {
    let (words, _) = block.as_chunks();
    std::array::from_fn(|index| u64::from_le_bytes(words.get(index).copied().unwrap_or_default()))
}

/// At most eight bytes as a number.
fn pack(bytes: &[u8]) -> u64 {
    let one = |packed, byte: &u8| packed << 8 | u64::from(*byte);
    bytes.iter().rev().fold(0, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_found_at_every_place() {
        let secrets = ["canar", "canary-", "canary-1234"];
        let each = |secret| [1, 1_000, 100_000].map(|count| (count, secret));
        for (count, secret) in secrets.into_iter().flat_map(each) {
            let mut starts = Starts::new(count, secret.len());
            starts.add(secret.as_bytes());
            for place in 0..200 {
                let text = [&vec![b'.'; place], secret.as_bytes(), &[b'.'; 80]].concat();
                for start in 0..=place {
                    assert_eq!(starts.find(&text, start), Some(place), "from {start}");
                }
                assert_eq!(starts.find(&text, place + 1), None);
                let cut = |length: usize| starts.find(text.get(..place + length)?, 0);
                assert_eq!((cut(5), cut(4)), (Some(place), None));
            }
        }
    }
}
