//! The standard alphabet with padding, in which answers hold megabytes.

use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;

/// Appends what `text` encodes. Returns whether it is canonical; something may have been appended if not.
#[inline(never)]
pub fn decode(text: &[u8], bytes: &mut Vec<u8>) -> bool {
    STANDARD.decode_vec(text, bytes).is_ok()
}
