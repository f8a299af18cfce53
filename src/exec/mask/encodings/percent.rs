//! Percent-encoding: each encoder leaves other characters as they are besides letters and digits.

use super::replace;
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
    let mut found = Vec::new();
    for case in [Case::Upper, Case::Lower] {
        let encode = |kept| codec::encode_percent(value, kept, case);
        found.extend(KEPT.map(|kept| encode(kept).into_bytes()));
        found.extend(KEPT_IN_FORMS.map(|kept| encode(kept).replace(' ', "+").into_bytes()));
    }
    // SQLAlchemy before 2.0.
    found.push(replace(value, |byte| match byte {
        b':' => Some(b"%3A"),
        b'@' => Some(b"%40"),
        b'/' => Some(b"%2F"),
        _ => None,
    }));
    found
}
