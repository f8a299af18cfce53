//! HTML and XML: each encoder writes other characters as entities, and writes them otherwise.

use std::fmt::Write;

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

pub(super) fn markup(text: &str) -> Vec<String> {
    let (has_foreign, has_space) = (!text.is_ascii(), text.contains(is_space));
    let ways = WAYS.into_iter().filter(|(foreign, space)| {
        (has_foreign || *foreign == Number::None) && (has_space || *space == Number::None)
    });
    let mut found = Vec::new();
    for (foreign, space) in ways {
        let all = ENCODERS.into_iter().chain([NONE, NUMBERS]);
        found.extend(all.map(|entities| encode(text, entities, foreign, space)));
    }
    found
}

fn is_space(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r')
}

fn encode(text: &str, entities: Entities, foreign: Number, space: Number) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
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
    }
    out
}
