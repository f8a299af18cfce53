//! Tokens and configurations as shells, forms and `--env-file`s hand them on, and what was given in their place.

use std::path::Path;

use crate::sensitive::Sensitive;
use crate::wire::token::OneTimeToken;

/// Editors and mails make the rounded ones.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')];

/// The text without what came to be around it on its way: a byte order mark, blanks, one pair of quotes, and the `%` with
/// which a shell marks a missing line end.
pub fn text(given: &str) -> Sensitive<String> {
    let bare = bare(given);
    // JSON that was quoted as a JSON string has its own quotes escaped.
    if let Ok(inner) = serde_json::from_str::<String>(bare) {
        let inner = Sensitive::new(inner);
        return Sensitive::new(self::bare(inner.expose()).to_owned());
    }
    let quoted = QUOTES.into_iter().find_map(|(before, behind)| {
        let inner = bare.strip_prefix(before)?;
        inner.strip_suffix(behind)
    });
    Sensitive::new(quoted.map_or(bare, self::bare).to_owned())
}

/// No form of a token, and of a configuration only an INI text, ends or begins with a `%`. An INI text keeps its end.
fn bare(text: &str) -> &str {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let text = text.trim_start_matches(is_blank);
    if text.starts_with(['[', '#', ';']) {
        return text;
    }
    text.trim_matches(|c| is_blank(c) || c == '%')
}

pub(super) fn is_token(text: &str) -> bool {
    OneTimeToken::parse(text).is_ok()
}

/// Whether a text that is nothing else looks like the path of a file, or is one.
pub(super) fn is_path(text: &str) -> bool {
    const ENDINGS: [&str; 7] = ["json", "ini", "txt", "b64", "base64", "config", "conf"];
    let path = Path::new(text);
    let ending = path.extension().and_then(|ending| ending.to_str());
    let has_ending = ending.is_some_and(|ending| ENDINGS.contains(&&*ending.to_ascii_lowercase()));
    let is_one_line = text.len() < 4096 && !text.contains(['\n', '\0']);
    let begins_so = text.starts_with(['/', '~', '.', '\\']) || path.is_absolute();
    is_one_line && (begins_so || has_ending || path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_around_a_text_comes_off() {
        let cases = [
            ("abc=", "abc="),
            (" \"abc=\" \r\n", "abc="),
            ("'abc='", "abc="),
            ("\u{feff}abc=%\n", "abc="),
            ("%abc%", "abc"),
            ("\" abc \"", "abc"),
            ("'abc%'", "abc"),
            ("\"'abc'\"", "'abc'"),
            ("\"abc", "\"abc"),
            (r#"{"a": "b"}%"#, r#"{"a": "b"}"#),
            (r#"'{"a": "b"}'"#, r#"{"a": "b"}"#),
            (r#""{\"a\": \"b\"}""#, r#"{"a": "b"}"#),
            (" [a]\nx = 50%\n", "[a]\nx = 50%\n"),
            ("", ""),
            ("\"\"", ""),
            ("“abc”", "abc"),
            ("`abc`", "abc"),
        ];
        for (given, expected) in cases {
            assert_eq!(text(given).expose(), expected, "{given:?}");
        }
    }
}
