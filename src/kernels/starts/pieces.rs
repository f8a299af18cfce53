//! Sets of pieces, which each block of a text is looked up in.

use super::MIXER;

/// A set of pieces by their hashes. Of few, the place of each is looked up; of more, a bit there.
pub(super) enum Pieces {
    Few(Places),
    Some(Table<{ 1 << 14 }>),
    Many(Table<{ 1 << 18 }>),
}

/// Says yes to others, too.
pub(super) trait Set {
    /// 1 for a piece that was added.
    fn has(&self, piece: u32) -> u32;
}

// The sizes are constants and powers of two, so that the compiler leaves out all checks.
pub(super) struct Places(Box<[u8; 1 << 16]>);
pub(super) struct Table<const WORDS: usize>(Box<[u32; WORDS]>);

impl Pieces {
    /// For about so many.
    pub(super) fn new(count: usize) -> Self {
        let room = 16 * count;
        if room <= Places::COUNT {
            Self::Few(Places(boxed()))
        // The forms of a secret share many of their pieces.
        } else if room <= 2 * Table::<{ 1 << 14 }>::BITS {
            Self::Some(Table(boxed()))
        } else {
            Self::Many(Table(boxed()))
        }
    }

    pub(super) fn set(&mut self, piece: u32) {
        match self {
            Self::Few(pieces) => pieces.set(piece),
            Self::Some(pieces) => pieces.set(piece),
            Self::Many(pieces) => pieces.set(piece),
        }
    }
}

/// An array that is made in a box lies on the stack first, so it comes from a vector.
fn boxed<T: Copy + Default, const COUNT: usize>() -> Box<[T; COUNT]> {
    let zeros = vec![T::default(); COUNT].into_boxed_slice();
    zeros
        .try_into()
        .unwrap_or_else(|_| Box::new([T::default(); COUNT]))
}

impl Places {
    const COUNT: usize = 1 << 16;

    fn set(&mut self, piece: u32) {
        if let Some(place) = self.0.get_mut(Self::place(piece)) {
            *place = 1;
        }
    }

    #[inline]
    fn place(piece: u32) -> usize {
        (hash(piece) >> (u32::BITS - Self::COUNT.ilog2())) as usize
    }
}

impl Set for Places {
    #[inline]
    fn has(&self, piece: u32) -> u32 {
        u32::from(self.0.get(Self::place(piece)).copied().unwrap_or_default())
    }
}

impl<const WORDS: usize> Table<WORDS> {
    const BITS: usize = WORDS * u32::BITS as usize;
    /// What of a hash is left over beside the place of a word.
    const SHIFT: u32 = u32::BITS - WORDS.ilog2();

    fn set(&mut self, piece: u32) {
        let (word, bit) = Self::place(piece);
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    /// The word and the bit in it.
    #[inline]
    fn place(piece: u32) -> (usize, u32) {
        let hash = hash(piece);
        let bit = hash >> (Self::SHIFT - u32::BITS.ilog2()) & (u32::BITS - 1);
        ((hash >> Self::SHIFT) as usize, bit)
    }
}

impl<const WORDS: usize> Set for Table<WORDS> {
    #[inline]
    fn has(&self, piece: u32) -> u32 {
        let (word, bit) = Self::place(piece);
        self.0.get(word).copied().unwrap_or_default() >> bit & 1
    }
}

#[inline]
fn hash(piece: u32) -> u32 {
    piece.wrapping_mul(MIXER as u32)
}
