//! The forms in which programs print a value: as it is, and in the encodings of logs and tools.

use crate::codec::{self, Case};
use crate::json;

/// Forms that are the same as another are left out.
pub(super) fn encodings(value: &[u8]) -> Vec<Vec<u8>> {
    let hex = codec::encode_hex(value);
    let mut found = vec![value.to_vec(), hex.to_ascii_uppercase().into(), hex.into()];
    found.extend(base64(value));
    // Most encodings leave most characters as they are, and most values with them.
    let holds = |special: fn(u8) -> bool| value.iter().any(|byte| special(*byte));
    if holds(|byte| !byte.is_ascii_alphanumeric()) {
        found.extend(percent(value));
    }
    if let Ok(text) = std::str::from_utf8(value) {
        if holds(is_special_in_json) {
            let once = json_string(text);
            let twice = once.iter().flat_map(|text| json_string(text));
            found.extend(twice.map(String::into_bytes));
            found.extend(once.into_iter().map(String::into_bytes));
        }
        if holds(is_special_in_markup) {
            found.extend(markup(text).into_iter().map(String::into_bytes));
        }
    }
    if holds(|byte| !is_plain(byte) || is_special_in_bash(byte)) {
        found.extend(shell(value));
    }
    found.sort_unstable();
    found.dedup();
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
    found.sort_unstable();
    found.dedup();
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

/// Whether some encoder of JSON escapes it.
fn is_special_in_json(byte: u8) -> bool {
    !(0x20..0x7f).contains(&byte) || br#""\/<>&"#.contains(&byte)
}

// Without the quotes. Encoders differ in the characters they escape without need.
fn json_string(text: &str) -> Vec<String> {
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
    let is_foreign = text.bytes().any(|byte| byte >= 0x7f);
    let is_markup = text.contains(['<', '>', '&']);
    // Others come out as one of these.
    let variants = [
        (true, false, false, false),
        (is_foreign, true, false, false),
        (is_markup, false, true, false),
        (is_foreign && is_markup, true, true, false),
        (text.contains('/'), true, false, true),
    ];
    let wanted = variants.into_iter().filter(|(differs, ..)| *differs);
    wanted
        .map(|(_, ascii, markup, slash)| encode(ascii, markup, slash))
        .collect()
}

/// Whether some encoder of HTML or XML writes it as an entity.
fn is_special_in_markup(byte: u8) -> bool {
    !byte.is_ascii() || b"&<>\"'\t\n\r".contains(&byte)
}

/// In HTML and XML. Encoders differ in the characters they write as entities, and in how.
fn markup(text: &str) -> Vec<String> {
    // In attributes.
    let is_space = |letter: char| matches!(letter, '\t' | '\n' | '\r');
    let encode = |[amp, lt, gt, quote, apostrophe]: [&str; 5], foreign: bool, space: bool| {
        let is_numbered = |letter: char| foreign && !letter.is_ascii() || space && is_space(letter);
        let mut out = String::new();
        for letter in text.chars() {
            match letter {
                '&' => out.push_str(amp),
                '<' => out.push_str(lt),
                '>' => out.push_str(gt),
                '"' => out.push_str(quote),
                '\'' => out.push_str(apostrophe),
                other if is_numbered(other) => out.push_str(&format!("&#{};", u32::from(other))),
                other => out.push(other),
            }
        }
        out
    };
    let quotes = [
        ["\"", "'"],
        ["&quot;", "'"],
        ["&quot;", "&#x27;"],
        ["&quot;", "&#39;"],
        ["&quot;", "&apos;"],
        ["&#34;", "&#39;"],
    ];
    // Others come out as one of these.
    let ways = match text.contains(['"', '\'']) {
        true => quotes.len(),
        false => 1,
    };
    let (has_foreign, has_space) = (!text.is_ascii(), text.contains(is_space));
    let mut found = vec![encode(["&", "<", ">", "\"", "'"], true, false)];
    for [quote, apostrophe] in quotes.into_iter().take(ways) {
        for (foreign, space) in [(false, false), (true, false), (false, true), (true, true)] {
            if (has_foreign || !foreign) && (has_space || !space) {
                let entities = ["&amp;", "&lt;", "&gt;", quote, apostrophe];
                found.push(encode(entities, foreign, space));
            }
        }
    }
    found
}

/// What programs that quote for a shell leave as it is.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte)
}

/// What bash escapes for `%q`.
fn is_special_in_bash(byte: u8) -> bool {
    b" \t!\"$&'()*,;<>?[\\]^`{|}".contains(&byte)
}

/// In single quotes in two ways, in double quotes, with backslashes in two ways, and in `$'…'` in three; without the outer
/// quotes.
fn shell(value: &[u8]) -> [Vec<u8>; 8] {
    let backslash = |special: &dyn Fn(u8) -> bool| -> Vec<u8> {
        let one = |byte: &u8| special(*byte).then_some(b'\\').into_iter().chain([*byte]);
        value.iter().flat_map(one).collect()
    };
    let mut quoted = backslash(&is_special_in_bash);
    // These two only where they begin a word.
    if matches!(quoted.first(), Some(b'#' | b'~')) {
        quoted.insert(0, b'\\');
    }
    [
        replace(value, |byte| (byte == b'\'').then_some(br"'\''")),
        replace(value, |byte| (byte == b'\'').then_some(br#"'"'"'"#)),
        backslash(&|byte| br#"$`"\"#.contains(&byte)),
        backslash(&|byte| byte.is_ascii() && !is_plain(byte)),
        quoted,
        replace(value, |byte| match byte {
            b'\'' => Some(br"\'"),
            b'\\' => Some(br"\\"),
            b'\n' => Some(br"\n"),
            b'\r' => Some(br"\r"),
            b'\t' => Some(br"\t"),
            _ => None,
        }),
        ansi_c(value, |byte| byte < 0x20 || byte == 0x7f),
        ansi_c(value, |byte| !(0x20..0x7f).contains(&byte)),
    ]
}

/// As bash writes a text in `$'…'`; what it takes for unprintable depends on the locale.
fn ansi_c(value: &[u8], is_unprintable: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for byte in value {
        match byte {
            7 => out.extend(br"\a"),
            8 => out.extend(br"\b"),
            b'\t' => out.extend(br"\t"),
            b'\n' => out.extend(br"\n"),
            11 => out.extend(br"\v"),
            12 => out.extend(br"\f"),
            b'\r' => out.extend(br"\r"),
            27 => out.extend(br"\E"),
            b'\\' => out.extend(br"\\"),
            b'\'' => out.extend(br"\'"),
            other if is_unprintable(*other) => out.extend(format!("\\{other:03o}").bytes()),
            other => out.push(*other),
        }
    }
    out
}

/// Replaces the bytes for which `replacement` has one.
fn replace<const N: usize>(
    value: &[u8],
    replacement: impl Fn(u8) -> Option<&'static [u8; N]>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + N);
    for byte in value {
        match replacement(*byte) {
            Some(text) => out.extend_from_slice(text),
            None => out.push(*byte),
        }
    }
    out
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
            ("canary-1", "Y2FuYXJ5LTE="),
            ("canary-1", "Y2FuYXJ5LTE"),
            ("\u{1}it's\\\n\r\t", "\u{1}it\\'s\\\\\\n\\r\\t"),
            ("~a,b#c é", r"\~a\,b#c\ é"),
            ("~a,b#c é", r"\~a,b\#c\ é"),
            ("it's\u{1b}é", r"it\'s\Eé"),
            ("it's \u{1}\u{7f}é", r"it\'s \001\177é"),
            ("it's\u{1}é", r"it\'s\001\303\251"),
            ("a\"b\\c\n", r#"a\\\"b\\\\c\\n"#),
            ("é\"", r#"\\u00e9\\\""#),
            ("<it's> \"&\"", "&lt;it&#x27;s&gt; &quot;&amp;&quot;"),
            ("<it's> \"&\"", "&lt;it&#39;s&gt; &#34;&amp;&#34;"),
            ("<it's> \"&\"", "&lt;it&apos;s&gt; &quot;&amp;&quot;"),
            ("<it's> \"&\"", "&lt;it's&gt; \"&amp;\""),
            ("<é>\n", "&lt;&#233;&gt;&#10;"),
            ("<é>\n", "&lt;&#233;&gt;\n"),
            ("<é>\n", "<&#233;>\n"),
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
    fn base64_is_known_by_the_lines_of_tools() {
        let value = "canary ".repeat(9);
        let (text, known) = (codec::encode(value.as_bytes()), encodings(value.as_bytes()));
        for width in [64, 76] {
            for line in text.as_bytes().chunks(width) {
                assert!(known.iter().any(|form| form == line), "{width}");
            }
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
