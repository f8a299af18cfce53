//! Text of others, such as titles, server messages and file names. On a screen it drives nothing, hides nothing and
//! begins no line of its own (O2).

use std::borrow::Cow;
use std::fmt::{self, Write};

use ksm_kernels::ascii;
use serde::{Deserialize, Deserializer};

/// In characters. What is longer is shown cut.
pub const LONGEST: usize = 500;
/// The same for a whole message of ours, which may be made of several.
pub const LONGEST_MESSAGE: usize = 4_000;

/// Text of others for a message of ours. It is never printed as it is: [`Display`](fmt::Display) escapes it, line ends
/// too, and cuts it at [`LONGEST`] characters. Only what can be shown is kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Text {
    start: String,
    /// The number of characters left out.
    left_out: usize,
}

impl<T: AsRef<str>> From<T> for Text {
    fn from(text: T) -> Self {
        Self::cut(text.as_ref(), LONGEST)
    }
}

impl Text {
    /// At most `longest` characters of `text`.
    pub fn cut(text: &str, longest: usize) -> Self {
        let cut = text.char_indices().nth(longest).map(|(at, _)| at);
        let (start, rest) = text.split_at(cut.unwrap_or(text.len()));
        Self {
            start: start.to_owned(),
            left_out: rest.chars().count(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.start.is_empty()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Cow::<str>::deserialize(deserializer)?.into())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&line(&self.start))?;
        match self.left_out {
            0 => Ok(()),
            count => write!(f, "… ({count} more characters)"),
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

/// Whether `c` is not shown as itself: it moves the cursor, ends a line, turns the reading direction, or has no shape.
/// Covers what Unicode calls control, bidi control and default ignorable.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Escapes hidden characters as `\u{1b}`; line feeds and tabs stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| matches!(c, '\n' | '\t'))
}

/// Escapes hidden characters as `\u{1b}`, and line feeds as `\n`; tabs stay.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c == '\t')
}

/// A message as one line, cut at [`LONGEST_MESSAGE`] characters: whatever it repeats begins no line of its own.
pub fn message(text: &str) -> String {
    Text::cut(text, LONGEST_MESSAGE).to_string()
}

/// Escapes like [`lines`], and bytes that are not UTF-8 as `\x9b`.
pub fn bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Ok(text) = str::from_utf8(bytes) {
        return match lines(text) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
    }
    let mut shown = String::with_capacity(bytes.len() * 2);
    for chunk in bytes.utf8_chunks() {
        shown.push_str(&lines(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(shown, "\\x{byte:02x}"); // a String takes everything
        }
    }
    Cow::Owned(shown.into_bytes())
}

fn escaped(text: &str, stays: fn(char) -> bool) -> Cow<'_, str> {
    if ascii::is_printable(text.as_bytes()) || !text.contains(|c| is_hidden(c) && !stays(c)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut before = '\0';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if !is_hidden(c) || stays(c) || is_presentation(before, c, characters.peek()) {
            shown.push(c);
        } else if c == '\n' {
            shown.push_str("\\n");
        } else {
            shown.extend(c.escape_unicode());
        }
        before = c;
    }
    Cow::Owned(shown)
}

// The selector of text or picture after a symbol, as in `❤️` and `1️⃣`, is no hiding place; others, and rows of them, are.
fn is_presentation(before: char, c: char, after: Option<&char>) -> bool {
    let is_symbol = match before {
        '©' | '®' | '\u{203c}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' => !is_hidden(before),
        '#' | '*' | '0'..='9' => after == Some(&'\u{20e3}'),
        _ => false,
    };
    is_symbol && matches!(c, '\u{fe0e}' | '\u{fe0f}')
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
            ("pay\u{200b}pal", "pay\\u{200b}pal"),
            ("❤\u{fe0f} 1\u{fe0f}\u{20e3}", "❤\u{fe0f} 1\u{fe0f}\u{20e3}"),
            ("❤\u{fe0f}\u{fe0f}", "❤\u{fe0f}\\u{fe0f}"),
            ("a\u{fe0f}\u{e0100}", "a\\u{fe0f}\\u{e0100}"),
            ("1\u{fe0f}2日\u{fe0f}", "1\\u{fe0f}2日\\u{fe0f}"),
        ];
        for (text, shown) in table {
            assert_eq!(lines(text), shown, "{text:?}");
            assert_eq!(bytes(text.as_bytes()), shown.as_bytes(), "{text:?}");
        }
        assert_eq!(line("a\r\n\tb"), "a\\u{d}\\n\tb");
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_numbers() {
        assert_eq!(*bytes(b"a\x9b\x1bc\xff"), *b"a\\x9b\\u{1b}c\\xff");
    }

    #[test]
    fn no_class_of_hidden_characters_passes() {
        for range in [
            0x0..=0x1f,
            0x7f..=0x9f,
            0x61c..=0x61c,
            0x200b..=0x200f,
            0x2028..=0x202e,
            0x2060..=0x206f,
            0xfe00..=0xfe0f,
            0xfeff..=0xfeff,
            0xe0000..=0xe007f,
            0xe0100..=0xe01ef,
        ] {
            for c in range.filter_map(char::from_u32) {
                let shown = line(&format!("a{c}b")).into_owned();
                assert!(c == '\t' || shown.contains("a\\"), "{shown:?}");
            }
        }
    }

    #[test]
    fn a_message_shows_the_start_of_a_long_text() {
        let text = Text::from("é".repeat(LONGEST));
        assert_eq!(text.to_string(), "é".repeat(LONGEST));
        let text = Text::from(format!("{}\nError: no", "\n".repeat(LONGEST)));
        let cut = format!("{}… (10 more characters)", "\\n".repeat(LONGEST));
        assert_eq!(text.to_string(), cut);
        assert_eq!(format!("{text:?}"), format!("`{cut}`"));
    }
}
