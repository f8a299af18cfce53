//! Percent-encoding: each encoder leaves other characters as they are besides letters and digits.

use super::letters::{distinct_bytes, replace, unlike};
use crate::codec::{self, Case};

const KEPT: [&[u8]; 15] = [
    // RFC 3986, PHP's rawurlencode, .NET's EscapeDataString.
    b"-._~",
    // Python's quote.
    b"-._~/",
    // SQLAlchemy, in the address of a database.
    b"-._~ +",
    // JavaScript's encodeURIComponent.
    b"-._~!'()*",
    // JavaScript's encodeURI.
    b"-._~!'()*;,/?:@&=+$#",
    // Go: user and password, a segment of a path, a path, a fragment.
    b"-._~$&+,;=",
    b"-._~$&+:=@",
    b"-._~$&+,/:;=@",
    b"-._~$&+,/:;=?@!()*",
    // Java: user and password.
    b"-._~!'()*,;:$&+=",
    // Python's requests.
    b"-._~!#$%&'()*+,/:;=?@[]",
    // The URL of browsers, Node and Rust: user and password, path in the older and the newer way, query.
    b"-._~!$%&'()*+,",
    b"-._~!$%&'()*+,/:;=@[]|^",
    b"-._~!$%&'()*+,/:;=@[]|",
    b"-._~!$%&()*+,/:;=?@[]\\^`{|}",
];

/// Of those that write a space as `+`: PHP, Python and Go, forms of browsers and Java, .NET.
const KEPT_IN_FORMS: [&[u8]; 4] = [b"-._ ", b"-._~ ", b"-._* ", b"-._!*() "];

pub(super) fn percent(value: &[u8]) -> Vec<Vec<u8>> {
    let letters = distinct_bytes(value, |byte| !byte.is_ascii_alphanumeric());
    if letters.is_empty() {
        return Vec::new();
    }
    let paths = KEPT.map(|kept| (kept, " "));
    let forms = KEPT_IN_FORMS.map(|kept| (kept, "+"));
    let all = [Case::Upper, Case::Lower].into_iter().flat_map(|case| {
        let encoders = paths.into_iter().chain(forms);
        encoders.map(move |(kept, space)| (kept, space, case))
    });
    let encode = |value: &[u8], (kept, space, case): (&[u8], &str, Case)| {
        let text = codec::encode_percent(value, kept, case);
        match space {
            " " => text,
            other => text.replace(' ', other),
        }
    };
    let unlike = unlike(all, |encoder| encode(&letters, *encoder));
    let found = unlike
        .into_iter()
        .map(|encoder| encode(value, encoder).into_bytes());
    // SQLAlchemy before 2.0.
    let old = replace(value, |byte| match byte {
        b':' => Some(b"%3A"),
        b'@' => Some(b"%40"),
        b'/' => Some(b"%2F"),
        _ => None,
    });
    found.chain([old]).collect()
}
