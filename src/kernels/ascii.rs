//! Whether text is plain ASCII, which almost every cell of a table is.

const EACH: u64 = u64::MAX / 255;
const HIGHEST: u64 = EACH << 7;

/// Whether every byte is one from blank to tilde.
#[inline(never)]
pub fn is_printable(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let odd = words.fold(0, |odd, word| odd | odd_bytes(word));
    odd == 0 && rest.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Sets the highest bit of the first byte that is not printable, and perhaps of bytes after it.
#[inline(always)]
fn odd_bytes(word: u64) -> u64 {
    let control = word.wrapping_sub(EACH * u64::from(b' ')) & !word;
    (control | word | word.wrapping_add(EACH)) & HIGHEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_counts_at_each_place() {
        for byte in 0..=255 {
            for length in 1..20 {
                for at in 0..length {
                    let mut text = vec![b'a'; length];
                    text.splice(at..=at, [byte]);
                    let expected = matches!(byte, b' '..=b'~');
                    assert_eq!(is_printable(&text), expected, "{text:?}");
                }
            }
        }
        assert!(is_printable(b""));
    }
}
