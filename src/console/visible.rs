//! Escapes foreign text for a terminal (O2).

use std::borrow::Cow;
use std::fmt::Write;

/// Escapes control characters and those that turn the reading direction as `\u{1b}`; line feeds and tabs stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(drives_a_terminal) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if drives_a_terminal(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Escapes bytes that are not UTF-8 as `\x9b`.
pub(crate) fn visible_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Ok(text) = str::from_utf8(bytes) {
        return match visible(text) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
    }
    let mut shown = String::with_capacity(bytes.len() * 2);
    for chunk in bytes.utf8_chunks() {
        shown.push_str(&visible(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(shown, "\\x{byte:02x}"); // a String takes everything
        }
    }
    Cow::Owned(shown.into_bytes())
}

fn drives_a_terminal(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Marks, embeddings, overrides and isolates of the bidirectional algorithm.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        _ => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_what_is_harmless_and_shows_the_rest() {
        let table = [
            ("", ""),
            ("plain, ünï, 日本\n\ttoo", "plain, ünï, 日本\n\ttoo"),
            ("\x1b[31mred\x1b[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            ("a\rb\x07\0", "a\\u{d}b\\u{7}\\u{0}"),
            ("\x7f\u{9b}2J", "\\u{7f}\\u{9b}2J"),
            ("\u{202e}txt\u{2069}", "\\u{202e}txt\\u{2069}"),
        ];
        for (text, shown) in table {
            assert_eq!(visible(text), shown, "{text:?}");
            assert_eq!(visible_bytes(text.as_bytes()), shown.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_numbers() {
        assert_eq!(*visible_bytes(b"a\x9b\x1bc\xff"), *b"a\\x9b\\u{1b}c\\xff");
    }
}
