//! A quick look whether a text may begin with a secret.

use super::MIN_LENGTH;
use super::table::MIXER;

/// Bytes of a piece.
const PIECE: usize = 4;
const PIECE_MASK: u64 = (1 << (8 * PIECE)) - 1;

const BEGINNING_MASK: u64 = (1 << (8 * MIN_LENGTH)) - 1;

/// Bytes that are looked at together.
const WORD: usize = size_of::<u64>();

/// What is known of the first `MIN_LENGTH` bytes of secrets: it may say yes to others.
pub(super) struct Starts {
    /// For each beginning of 1 to `MIN_LENGTH` bytes.
    beginnings: [Bits; MIN_LENGTH],
    /// For the pieces at the first and the second byte. One of the two lies at an even place.
    pieces: Bits,
}

/// A set of short strings by one bit of each, at its hash.
struct Bits {
    words: Vec<u64>,
    /// What of a hash is left over.
    shift: u32,
}

impl Starts {
    pub(super) fn new(secrets: usize) -> Self {
        Self {
            beginnings: std::array::from_fn(|index| Bits::new(16 * secrets, index + 1)),
            pieces: Bits::new(32 * secrets, PIECE),
        }
    }

    /// Adds a secret of at least `MIN_LENGTH` bytes.
    pub(super) fn add(&mut self, secret: &[u8]) {
        let Some((start, _)) = secret.split_first_chunk::<MIN_LENGTH>() else {
            return;
        };
        let mut packed = 0;
        for (bits, byte) in self.beginnings.iter_mut().zip(start) {
            packed = packed << 8 | u64::from(*byte);
            bits.set(packed);
        }
        for piece in start.array_windows::<PIECE>() {
            self.pieces.set(u32::from_le_bytes(*piece).into());
        }
    }

    /// Returns the first place from `start` on where a secret may begin. Ends too short to tell are left out.
    pub(super) fn find(&self, text: &[u8], start: usize) -> Option<usize> {
        let rest = text.get(start..)?;
        let (words, _) = rest.as_chunks::<WORD>();
        let mut done = 0;
        for [word, next] in words.array_windows() {
            if self.may_begin_in(u64::from_le_bytes(*word), u64::from_le_bytes(*next))
                && let Some(place) = self.find_slowly(rest, done, WORD)
            {
                return Some(start + place);
            }
            done += WORD;
        }
        let place = self.find_slowly(rest, done, rest.len())?;
        Some(start + place)
    }

    /// Whether a secret may begin in the word, up to its last byte but one, or at the last byte before it.
    #[inline]
    fn may_begin_in(&self, word: u64, next: u64) -> bool {
        let has = |piece: u64| self.pieces.has(piece & PIECE_MASK);
        // All four without a jump.
        has(word) | has(word >> 16) | has(word >> 32) | has(word >> 48 | next << 16)
    }

    /// Looks at each of `count` places and the one before.
    fn find_slowly(&self, text: &[u8], from: usize, count: usize) -> Option<usize> {
        let [.., bits] = &self.beginnings;
        let from = from.saturating_sub(1);
        let (before, after) = text.get(from..)?.split_at_checked(MIN_LENGTH - 1)?;
        let mut packed = pack(before);
        let mut ends = after.iter().take(count + 1);
        let offset = ends.position(|byte| {
            packed = (packed << 8 | u64::from(*byte)) & BEGINNING_MASK;
            bits.has(packed)
        })?;
        Some(from + offset)
    }

    /// Whether a secret may begin with these few bytes.
    pub(super) fn may_begin_with(&self, end: &[u8]) -> bool {
        let bits = end.len().checked_sub(1);
        bits.and_then(|index| self.beginnings.get(index))
            .is_some_and(|bits| bits.has(pack(end)))
    }
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

/// At most eight bytes as a number.
fn pack(bytes: &[u8]) -> u64 {
    let one = |packed, byte: &u8| packed << 8 | u64::from(*byte);
    bytes.iter().fold(0, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_found_at_every_place() {
        let mut starts = Starts::new(1);
        starts.add(b"canary");
        for place in 0..40 {
            let text = [&vec![b'.'; place], b"canar".as_slice(), &[b'.'; 20]].concat();
            for start in 0..=place {
                assert_eq!(starts.find(&text, start), Some(place), "from {start}");
            }
            assert_eq!(starts.find(&text, place + 1), None);
            assert_eq!(starts.find(&text[..place + 5], 0), Some(place));
            assert_eq!(starts.find(&text[..place + 4], 0), None);
        }
    }
}
