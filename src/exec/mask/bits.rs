//! A quick look whether a text may begin with a secret.

use super::table::MIXER;

/// A set of short strings by one bit of each: it may say yes to others.
pub(super) struct Bits {
    words: Vec<u64>,
    /// What of a hash is left over.
    shift: u32,
}

impl Bits {
    /// For about `wanted` bits, and strings of `length` bytes.
    pub(super) fn new(wanted: usize, length: usize) -> Self {
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

    pub(super) fn set(&mut self, packed: u64) {
        let bit = self.bit(packed);
        if let Some(word) = self.words.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    #[inline]
    pub(super) fn has(&self, packed: u64) -> bool {
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
pub(super) fn pack(bytes: &[u8]) -> u64 {
    let one = |packed, byte: &u8| packed << 8 | u64::from(*byte);
    bytes.iter().fold(0, one)
}
