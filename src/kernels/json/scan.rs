//! Where the plain part of a text ends.

use base64_simd::STANDARD;
use memchr::memchr2;

/// The number of bytes before a quote, a backslash or a control character.
#[inline(always)]
pub(super) fn plain(text: &[u8]) -> usize {
    let Some((short, rest)) = text.split_first_chunk::<SHORT>() else {
        return words(text);
    };
    match words(short) {
        SHORT => SHORT + long(rest),
        count => count,
    }
}

/// Most names and many texts have at most this many bytes.
const SHORT: usize = 24;

/// Most long texts are base64, which has no special bytes, and which takes a sixth of the time.
#[inline(never)]
fn long(text: &[u8]) -> usize {
    let end = memchr2(b'"', b'\\', text).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or(text);
    match STANDARD.check(text) {
        Ok(()) => end,
        Err(_) => blocks(text),
    }
}

/// Eight bytes at a time.
#[inline(always)]
fn words(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    let mut count = 0;
    for word in words {
        let special = special_bytes(word);
        if special != 0 {
            return count + special.trailing_zeros() as usize / 8;
        }
        count += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    count + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// Sixty-four bytes at a time, with one jump for all.
fn blocks(text: &[u8]) -> usize {
    let (blocks, _) = text.as_chunks::<64>();
    let has_none = |block: &&[u8; 64]| {
        let (words, _) = block.as_chunks();
        words.iter().fold(0, |any, word| any | special_bytes(word)) == 0
    };
    let count = 64 * blocks.iter().take_while(has_none).count();
    count + words(text.get(count..).unwrap_or_default())
}

/// Sets the highest bit of the first special byte, and perhaps of bytes after it.
#[inline(always)]
fn special_bytes(word: &[u8; 8]) -> u64 {
    const EACH: u64 = u64::MAX / 255;
    let word = u64::from_le_bytes(*word);
    // With this bit changed, a quote follows the control characters. A byte below what is taken from it borrows, which shows
    // in its highest bit unless it was set before.
    let quote_or_control = (word ^ (EACH * 2)).wrapping_sub(EACH * 0x21);
    let backslash = (word ^ (EACH * u64::from(b'\\'))).wrapping_sub(EACH);
    (quote_or_control | backslash) & !word & (EACH << 7)
}
