//! JSON as other clients write it where it is none: `NaN`, infinities, and halves of UTF-16 pairs that stand alone. What
//! has such a thing in it is damaged, and nothing beside it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::sensitive::Sensitive;

/// What Python's writer puts in the place of numbers that JSON does not have.
const TOKENS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// A token within a record is held as a text that cannot be read.
const MARK: &str = r"\ud800";

/// A value, and whether something was put right to read it.
pub(super) struct Reading<T> {
    pub(super) value: T,
    pub(super) is_damaged: bool,
}

/// Reads JSON with U+FFFD for each half of a pair that stands alone.
pub(super) fn read<T: for<'a> Deserialize<'a>>(
    json: &str,
) -> Result<Reading<T>, serde_json::Error> {
    let error = match serde_json::from_str(json) {
        Ok(value) => {
            return Ok(Reading {
                value,
                is_damaged: false,
            });
        }
        Err(error) => error,
    };
    match whole_pairs(json) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(text) => Ok(Reading {
            value: serde_json::from_str(Sensitive::new(text).expose())?,
            is_damaged: true,
        }),
    }
}

/// Whether a double holds every number that is not whole; others are infinite to most readers.
pub(super) fn is_finite(value: &Value) -> bool {
    match value {
        Value::Number(number) => is_finite_number(number.as_str()),
        Value::Array(values) => values.iter().all(is_finite),
        Value::Object(members) => members.values().all(is_finite),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

fn is_finite_number(digits: &str) -> bool {
    let is_whole = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    is_whole(digits.trim_start_matches('-')) || digits.parse().is_ok_and(f64::is_finite)
}

/// `json` with its tokens as texts that [`read`] calls damaged; `None` if it has none.
pub(super) fn marked(json: &[u8]) -> Option<Sensitive<Vec<u8>>> {
    let mut marked = Sensitive::new(Vec::with_capacity(json.len() + json.len() / 4));
    let mut rest = json;
    let (mut in_text, mut is_escaped, mut found) = (false, false, false);
    while let Some((first, after)) = rest.split_first() {
        let token = TOKENS
            .iter()
            .find(|token| rest.starts_with(token.as_bytes()));
        if let Some(token) = token.filter(|_| !in_text) {
            let text = [b"\"", MARK.as_bytes(), token.as_bytes(), b"\""].concat();
            marked.expose_mut().extend_from_slice(&text);
            rest = rest.get(token.len()..).unwrap_or_default();
            found = true;
            continue;
        }
        marked.expose_mut().push(*first);
        rest = after;
        in_text ^= *first == b'"' && !is_escaped;
        is_escaped = in_text && *first == b'\\' && !is_escaped;
    }
    found.then_some(marked)
}

/// Undoes [`marked`].
pub(super) fn unmarked(json: Sensitive<Vec<u8>>) -> Sensitive<Vec<u8>> {
    let mut rest = json.expose().as_slice();
    if !rest.windows(MARK.len()).any(|part| part == MARK.as_bytes()) {
        return json;
    }
    let texts = TOKENS.map(|token| (format!("\"{MARK}{token}\""), token));
    let mut plain = Sensitive::new(Vec::with_capacity(rest.len()));
    while let Some((first, after)) = rest.split_first() {
        let found = texts
            .iter()
            .find(|(text, _)| rest.starts_with(text.as_bytes()));
        let (next, length) = match found {
            Some((text, token)) => (token.as_bytes(), text.len()),
            None => (std::slice::from_ref(first), 1),
        };
        plain.expose_mut().extend_from_slice(next);
        rest = rest.get(length..).unwrap_or(after);
    }
    plain
}

fn whole_pairs(json: &str) -> Cow<'_, str> {
    let (mut whole, mut found) = (String::new(), false);
    let mut rest = json;
    while let Some((before, escape)) = next_escape(rest) {
        let unit = unit(escape);
        let second = escape.get(6..).and_then(self::unit);
        let (length, is_whole) = match unit {
            Some(0xd800..0xdc00) if matches!(second, Some(0xdc00..0xe000)) => (12, true),
            Some(0xd800..0xe000) => (6, false),
            // An escaped backslash begins no escape.
            _ => (2, true),
        };
        whole.push_str(before);
        let Some((escape, after)) = escape.split_at_checked(length) else {
            return Cow::Borrowed(json);
        };
        found |= !is_whole;
        whole.push_str(if is_whole { escape } else { r"\ufffd" });
        rest = after;
    }
    if !found {
        return Cow::Borrowed(json);
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

fn next_escape(text: &str) -> Option<(&str, &str)> {
    text.split_at_checked(text.find('\\')?)
}

/// The half of a pair, or the character, that an escape such as `\ud83d` stands for.
fn unit(escape: &str) -> Option<u16> {
    u16::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_that_stand_alone_are_damage() {
        for (json, text, is_damaged) in [
            (r#""a""#, "a", false),
            (r#""\ud83d\udd11""#, "🔑", false),
            (r#""\\ud800""#, r"\ud800", false),
            (r#""a\ud800b""#, "a\u{fffd}b", true),
            (r#""\udd11\ud83d""#, "\u{fffd}\u{fffd}", true),
            (r#""\ud83d\ud83d\udd11""#, "\u{fffd}🔑", true),
            (r#""\ud83d\n\u00e9""#, "\u{fffd}\né", true),
            (r#""\\\ud83d\\""#, "\\\u{fffd}\\", true),
            (r#""\uD83D""#, "\u{fffd}", true),
        ] {
            let read: Reading<String> = read(json).unwrap();
            assert_eq!(
                (read.value.as_str(), read.is_damaged),
                (text, is_damaged),
                "{json}"
            );
        }
        for json in [r#""\ud83"#, r#""\ud800\x""#, r#""\"#, "", "NaN"] {
            assert!(read::<String>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn tokens_are_held_and_come_back() {
        for (json, held) in [
            ("[NaN]", r#"["\ud800NaN"]"#),
            (
                r#"{"a":-Infinity,"b":Infinity}"#,
                r#"{"a":"\ud800-Infinity","b":"\ud800Infinity"}"#,
            ),
            (
                r#"["NaN","\"NaN\\",NaN]"#,
                r#"["NaN","\"NaN\\","\ud800NaN"]"#,
            ),
        ] {
            let text =
                |json: &Sensitive<Vec<u8>>| String::from_utf8(json.expose().clone()).unwrap();
            let marked = marked(json.as_bytes()).unwrap();
            assert_eq!(text(&marked), held);
            assert_eq!(text(&unmarked(marked)), json);
        }
        assert!(marked(br#"{"NaN":"-Infinity"}"#).is_none());
    }

    #[test]
    fn only_what_no_double_holds_is_infinite() {
        for (json, expected) in [
            ("1e400", false),
            ("[[-1.5e999]]", false),
            (r#"{"a":[1,1e309]}"#, false),
            ("1e308", true),
            ("1e-400", true),
            ("98765432109876543210987", true),
            ("0.12345678901234567890123", true),
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(is_finite(&value), expected, "{json}");
        }
        let digits = "9".repeat(500);
        assert!(is_finite(&serde_json::from_str(&digits).unwrap()));
    }
}
