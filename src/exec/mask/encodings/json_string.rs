//! JSON strings, without the quotes: each encoder escapes other characters without need, in either case.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::codec::Case;

struct Encoder {
    /// Written as `\u0026`.
    escaped: &'static str,
    case: Case,
    /// How characters beyond ASCII are escaped, if they are.
    foreign: Option<Case>,
    /// What a slash is.
    slash: &'static str,
}

const fn encoder(escaped: &'static str, case: Case, foreign: Option<Case>) -> Encoder {
    let slash = "/";
    Encoder {
        escaped,
        case,
        foreign,
        slash,
    }
}

const fn with_slash(foreign: Option<Case>) -> Encoder {
    Encoder {
        slash: "\\/",
        ..encoder("", Case::Lower, foreign)
    }
}

const MINIMAL: Encoder = encoder("", Case::Lower, None);
const PYTHON: Encoder = encoder("", Case::Lower, LOWER);
const GO: Encoder = encoder("<>&", Case::Lower, None);
const DOT_NET: Encoder = encoder("<>&'\"+`", Case::Upper, UPPER);
const LOWER: Option<Case> = Some(Case::Lower);
const UPPER: Option<Case> = Some(Case::Upper);

const ENCODERS: [Encoder; 21] = [
    MINIMAL,
    PYTHON,
    GO,
    DOT_NET,
    // .NET for all of Unicode, and libraries that write its set in lower case.
    encoder("<>&'\"+`", Case::Upper, None),
    encoder("<>&'\"+`", Case::Lower, LOWER),
    encoder("<>&'\"+`", Case::Lower, None),
    // Jackson for ASCII.
    encoder("", Case::Upper, UPPER),
    encoder("<>&", Case::Lower, LOWER),
    // Django, and others in the source of pages.
    encoder("<>&", Case::Upper, LOWER),
    encoder("<>&", Case::Upper, None),
    // Flask.
    encoder("<>&'", Case::Lower, LOWER),
    // Newtonsoft's for HTML.
    encoder("<>&'\"", Case::Lower, None),
    // PHP's for HTML.
    encoder("<>&'\"", Case::Upper, LOWER),
    encoder("<>&'\"", Case::Upper, None),
    // Gson.
    encoder("<>&'=", Case::Lower, None),
    encoder("<>&'=", Case::Upper, None),
    // serialize-javascript.
    encoder("<>/", Case::Upper, None),
    // PHP, and Java's json-simple.
    with_slash(LOWER),
    with_slash(UPPER),
    with_slash(None),
];

/// A text within a text comes from any encoder, and goes through the most usual ones or the same again.
const OUTER: [Encoder; 4] = [MINIMAL, PYTHON, GO, DOT_NET];

/// In a string, and in a string within a string.
pub(super) fn json_string(text: &str) -> Vec<String> {
    let once = ENCODERS.map(|encoder| (encoder.encode(text), encoder));
    let mut found: Vec<_> = once
        .iter()
        .map(|(once, encoder)| encoder.encode(once))
        .collect();
    // Most encoders make the same of most texts.
    let distinct: BTreeSet<_> = once.into_iter().map(|(once, _)| once).collect();
    for once in distinct {
        found.extend(OUTER.iter().map(|outer| outer.encode(&once)));
        found.push(once);
    }
    found
}

impl Encoder {
    fn encode(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                letter if self.escaped.contains(letter) => escape(letter, self.case, &mut out),
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '/' => out.push_str(self.slash),
                '\0'..='\x1f' => escape(letter, self.case, &mut out),
                '\x7f'.. => match self.foreign {
                    Some(case) => escape(letter, case, &mut out),
                    None => out.push(letter),
                },
                other => out.push(other),
            }
        }
        out
    }
}

fn escape(letter: char, case: Case, out: &mut String) {
    for unit in letter.encode_utf16(&mut [0; 2]) {
        // Writing to a String succeeds.
        let _ = match case {
            Case::Lower => write!(out, "\\u{unit:04x}"),
            Case::Upper => write!(out, "\\u{unit:04X}"),
        };
    }
}
