//! The standard alphabet with padding, in which answers hold megabytes.

use base64_simd::STANDARD;

/// Appends what `text` encodes. Returns whether it is canonical; nothing is appended if not.
#[inline(never)]
pub fn decode(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    STANDARD.decode_append(text, bytes).is_ok()
}
