//! HTML and XML: each encoder writes other characters as entities, and writes them otherwise.

use std::fmt::Write;

use super::letters::{self, distinct_letters, unlike};

type Entities = &'static [(char, &'static str)];

/// How a character without an entity of its own is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    None,
    Decimal,
    Upper,
    Lower,
}

/// Of all encoders that do not number these, too.
const BASE: Entities = &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")];

/// Beyond the base.
const ENCODERS: [Entities; 15] = [
    // Text between tags.
    &[],
    &[('"', "&quot;")],
    // Python.
    &[('"', "&quot;"), ('\'', "&#x27;")],
    // lodash, JavaScript's Mustache without what is below, Ruby.
    &[('"', "&quot;"), ('\'', "&#39;")],
    // PHP.
    &[('"', "&quot;"), ('\'', "&#039;")],
    // XML.
    &[('"', "&quot;"), ('\'', "&apos;")],
    // Go, and its templates.
    &[('"', "&#34;"), ('\'', "&#39;")],
    &[('"', "&#34;"), ('\'', "&#39;"), ('+', "&#43;")],
    &[
        ('"', "&#34;"),
        ('\'', "&#39;"),
        ('+', "&#43;"),
        ('=', "&#61;"),
        ('`', "&#96;"),
        (' ', "&#32;"),
    ],
    // Underscore.
    &[('"', "&quot;"), ('\'', "&#x27;"), ('`', "&#x60;")],
    // Handlebars.
    &[
        ('"', "&quot;"),
        ('\'', "&#x27;"),
        ('`', "&#x60;"),
        ('=', "&#x3D;"),
    ],
    // Mustache.
    &[
        ('"', "&quot;"),
        ('\'', "&#39;"),
        ('`', "&#x60;"),
        ('=', "&#x3D;"),
        ('/', "&#x2F;"),
    ],
    // OWASP, and Rust's Tera.
    &[('"', "&quot;"), ('\'', "&#x27;"), ('/', "&#x2F;")],
    // .NET.
    &[
        ('"', "&quot;"),
        ('\'', "&#x27;"),
        ('+', "&#x2B;"),
        ('`', "&#x60;"),
    ],
    // Rust's Askama.
    &[
        ('&', "&#38;"),
        ('<', "&#60;"),
        ('>', "&#62;"),
        ('"', "&#34;"),
        ('\'', "&#39;"),
    ],
];

/// Only what is not ASCII.
const NONE: Entities = &[('&', "&"), ('<', "<"), ('>', ">")];

/// JavaScript's `he`.
const NUMBERS: Entities = &[
    ('&', "&#x26;"),
    ('<', "&#x3C;"),
    ('>', "&#x3E;"),
    ('"', "&#x22;"),
    ('\'', "&#x27;"),
    ('`', "&#x60;"),
];

/// For characters that are not ASCII, and for white space in attributes.
const WAYS: [(Number, Number); 8] = [
    (Number::None, Number::None),
    (Number::Decimal, Number::None),
    (Number::Upper, Number::None),
    (Number::Lower, Number::None),
    (Number::None, Number::Decimal),
    (Number::None, Number::Upper),
    (Number::Decimal, Number::Decimal),
    (Number::Upper, Number::Upper),
];

/// Whether some encoder writes it as an entity.
fn is_special(byte: u8) -> bool {
    match byte {
        b'&' | b'<' | b'>' | b'"' | b'\'' | b'`' | b'=' | b'/' | b'+' => true,
        other => !other.is_ascii() || is_space(other.into()) || other == b' ',
    }
}

pub(super) fn markup(text: &str) -> Vec<String> {
    let letters = distinct_letters(text, is_special);
    if letters.is_empty() {
        return Vec::new();
    }
    let entities = unlike(ENCODERS.into_iter().chain([NONE, NUMBERS]), |entities| {
        encode(&letters, entities, Number::None, Number::None)
    });
    let ways = unlike(WAYS, |(foreign, space)| {
        encode(&letters, NONE, *foreign, *space)
    });
    let mut found = Vec::new();
    for (foreign, space) in ways {
        found.extend(
            entities
                .iter()
                .map(|entities| encode(text, entities, foreign, space)),
        );
    }
    found
}

fn is_space(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r')
}

fn encode(text: &str, entities: Entities, foreign: Number, space: Number) -> String {
    letters::encode(text, is_special, |letter, out| {
        let mut known = entities.iter().chain(BASE);
        let number = u32::from(letter);
        let way = match letter {
            letter if is_space(letter) => space,
            letter if !letter.is_ascii() => foreign,
            _ => Number::None,
        };
        // Writing to a String succeeds.
        let _ = match (known.find(|(special, _)| *special == letter), way) {
            (Some((_, entity)), _) => out.write_str(entity),
            (None, Number::None) => out.write_char(letter),
            (None, Number::Decimal) => write!(out, "&#{number};"),
            (None, Number::Upper) => write!(out, "&#x{number:X};"),
            (None, Number::Lower) => write!(out, "&#x{number:x};"),
        };
    })
}
