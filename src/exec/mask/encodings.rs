//! The forms in which programs print a value: as it is, and in the encodings of logs and tools.

use crate::codec::{self, Case};
use crate::json;

/// May hold some forms twice.
pub(super) fn encodings(value: &[u8]) -> Vec<Vec<u8>> {
    let hex = codec::encode_hex(value);
    let mut found = vec![value.to_vec(), hex.to_ascii_uppercase().into(), hex.into()];
    found.extend(base64(value));
    found.extend(percent(value));
    if let Ok(text) = std::str::from_utf8(value) {
        found.extend(json_string(text).map(String::into_bytes));
    }
    found.extend(shell(value));
    found
}

/// Within longer data, the base64 of the value depends on where a group of three bytes begins, and its last character
/// on the byte that follows.
fn base64(value: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for (before, foreign) in [(0, 0), (1, 2), (2, 3)] {
        let mut data = vec![0; before];
        data.extend_from_slice(value);
        let certain = data.len() * 8 / 6;
        let text = codec::encode(&data).into_bytes();
        let unpadded = text.iter().take_while(|byte| **byte != b'=').count();
        for end in [certain, unpadded, text.len()] {
            found.extend(text.get(foreign..end).map(<[u8]>::to_vec));
        }
        // Tools break lines at these widths.
        for width in [64, 76] {
            if before == 0 && text.len() > width {
                found.extend(text.chunks(width).map(<[u8]>::to_vec));
            }
        }
    }
    let url_safe = |text: &Vec<u8>| {
        replace(text, |byte| match byte {
            b'+' => Some(b"-"),
            b'/' => Some(b"_"),
            _ => None,
        })
    };
    let url_safe: Vec<Vec<u8>> = found.iter().map(url_safe).collect();
    found.extend(url_safe);
    found
}

// Libraries differ in the characters they leave alone besides letters and digits.
fn percent(value: &[u8]) -> [Vec<u8>; 6] {
    let upper = |kept: &[u8]| codec::encode_percent(value, kept, Case::Upper);
    let plus = |kept: &[u8]| upper(kept).replace(' ', "+");
    [
        upper(b"-._~"),
        codec::encode_percent(value, b"-._~", Case::Lower),
        upper(b"-._~/"),
        upper(b"-._~!'()*"),
        plus(b"-._* "),
        plus(b"-._~ "),
    ]
    .map(String::into_bytes)
}

// Without the quotes. Encoders differ in the characters they escape without need.
fn json_string(text: &str) -> [String; 5] {
    let encode = |ascii: bool, markup: bool, slash: bool| {
        let mut out = String::new();
        for letter in text.chars() {
            match letter {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '/' if slash => out.push_str("\\/"),
                '<' | '>' | '&' if markup => json::escape(letter, &mut out),
                '\0'..='\x1f' => json::escape(letter, &mut out),
                '\x7f'.. if ascii => json::escape(letter, &mut out),
                other => out.push(other),
            }
        }
        out
    };
    [
        encode(false, false, false),
        encode(true, false, false),
        encode(false, true, false),
        encode(true, true, false),
        encode(true, false, true),
    ]
}

/// In single quotes in two ways, in double quotes, with backslashes, and in `$'…'`; without the outer quotes.
fn shell(value: &[u8]) -> [Vec<u8>; 5] {
    let backslash = |special: &dyn Fn(u8) -> bool| -> Vec<u8> {
        let one = |byte: &u8| special(*byte).then_some(b'\\').into_iter().chain([*byte]);
        value.iter().flat_map(one).collect()
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    [
        replace(value, |byte| (byte == b'\'').then_some(br"'\''")),
        replace(value, |byte| (byte == b'\'').then_some(br#"'"'"'"#)),
        backslash(&|byte| br#"$`"\"#.contains(&byte)),
        backslash(&|byte| byte.is_ascii() && !is_plain(byte)),
        replace(value, |byte| match byte {
            b'\'' => Some(br"\'"),
            b'\\' => Some(br"\\"),
            b'\n' => Some(br"\n"),
            b'\r' => Some(br"\r"),
            b'\t' => Some(br"\t"),
            _ => None,
        }),
    ]
}

/// Replaces the bytes for which `replacement` has one.
fn replace<const N: usize>(
    value: &[u8],
    replacement: impl Fn(u8) -> Option<&'static [u8; N]>,
) -> Vec<u8> {
    let one = |byte: &u8| replacement(*byte).map_or(vec![*byte], |text| text.to_vec());
    value.iter().flat_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_of_common_tools_are_known() {
        let cases = [
            ("pass word/ö", "pass word/ö"),
            ("pass word/ö", "7061737320776f72642fc3b6"),
            ("pass word/ö", "7061737320776F72642FC3B6"),
            ("pass word/ö", "pass%20word%2F%C3%B6"),
            ("pass word/ö", "pass%20word%2f%c3%b6"),
            ("pass word/ö", "pass%20word/%C3%B6"),
            ("pass word/ö", "pass+word%2F%C3%B6"),
            ("pass word/~", "pass+word%2F~"),
            ("pass word/~", "pass+word%2F%7E"),
            ("it's(1)!", "it's(1)!"),
            ("it's(1)!", "it%27s%281%29%21"),
            ("a\"b\\c\n<é😀/", "a\\\"b\\\\c\\n<é😀/"),
            ("a\"b\\c\n<é😀/", "a\\\"b\\\\c\\n<\\u00e9\\ud83d\\ude00/"),
            ("a\"b\\c\n<é😀/", "a\\\"b\\\\c\\n\\u003cé😀/"),
            ("a\"b\\c\n<é😀/", "a\\\"b\\\\c\\n<\\u00e9\\ud83d\\ude00\\/"),
            ("it's $5", r"it'\''s $5"),
            ("it's $5", r#"it'"'"'s $5"#),
            ("it's $5", r"it's \$5"),
            ("it's $5", r"it\'s\ \$5"),
            ("it's\n$5", r"it\'s\n$5"),
        ];
        for (value, spelling) in cases {
            let known = encodings(value.as_bytes());
            assert!(
                known.iter().any(|text| text == spelling.as_bytes()),
                "{value:?} as {spelling:?}"
            );
        }
    }

    #[test]
    fn base64_is_known_at_any_offset() {
        let value = "se?cret>~\u{7f}1";
        for before in ["", "x", "xx", "xxx"] {
            for after in ["", "y", "yy"] {
                let text = codec::encode(format!("{before}{value}{after}").as_bytes());
                let twin = text.replace('+', "-").replace('/', "_");
                for text in [text, twin] {
                    let lengths = encodings(value.as_bytes())
                        .into_iter()
                        .filter_map(|known| String::from_utf8(known).ok())
                        .filter(|known| text.contains(known.as_str()))
                        .map(|known| known.len());
                    // At most a character at either end is not the value's alone.
                    let alone = value.len() * 8 / 6 - 1;
                    assert!(lengths.max() >= Some(alone), "{before}…{after}");
                }
            }
        }
    }
}
