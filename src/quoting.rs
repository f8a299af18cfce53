//! Values between quotes, as shells and readers of dotenv files take them.

/// A value of a dotenv file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dotenv {
    /// python-dotenv, Node's dotenv and ours read it alike.
    ForAll(String),
    /// Node's dotenv reads something else.
    ForPython(String),
}

/// Appends a word of any POSIX shell, in single quotes. A shell takes no NUL.
pub(crate) fn shell(value: &[u8], word: &mut Vec<u8>) {
    word.push(b'\'');
    for byte in value {
        match byte {
            b'\'' => word.extend_from_slice(b"'\\''"),
            byte => word.push(*byte),
        }
    }
    word.push(b'\'');
}

/// Quotes only where they are needed. `${` is for the caller to refuse: python-dotenv expands it however it is quoted.
pub(crate) fn dotenv(value: &str) -> Dotenv {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !value.is_empty() && value.chars().all(is_plain) {
        return Dotenv::ForAll(value.to_owned());
    }
    let has_escape = value.contains(r"\\") || value.ends_with('\\');
    if !has_escape && !value.contains(['\'', '\r']) {
        return Dotenv::ForAll(format!("'{value}'"));
    }
    if !has_escape && !value.contains('"') && !has_python_escape(value) {
        return Dotenv::ForAll(format!("\"{}\"", value.replace('\r', "\\r")));
    }
    if is_bare(value) {
        return Dotenv::ForAll(value.to_owned());
    }
    // Readers turn CR into LF, so CR is escaped; every reader takes a bare LF.
    let mut escaped = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        match c {
            '\r' => escaped.push_str("\\r"),
            '\\' | '"' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    Dotenv::ForPython(format!("\"{escaped}\""))
}

/// Whether a backslash stands before a character that python-dotenv takes for an escape between double quotes.
fn has_python_escape(value: &str) -> bool {
    let mut next = value.chars().skip(1);
    let mut pairs = value.chars().map(|c| (c, next.next()));
    pairs.any(|(c, next)| c == '\\' && next.is_some_and(|next| "\\'\"abfnrtv\r".contains(next)))
}

/// Whether readers take the value as it is without quotes.
fn is_bare(value: &str) -> bool {
    let is_outer =
        |c: char| !c.is_whitespace() && !c.is_control() && c != '\u{feff}' && !"'\"`".contains(c);
    let is_inner = |c: char| !matches!(c, '#' | '\n' | '\r' | '\u{2028}' | '\u{2029}');
    let ends_well = |c: char| is_outer(c) || "'\"`".contains(c);
    value.starts_with(is_outer) && value.ends_with(ends_well) && value.chars().all(is_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotenv_prefers_what_all_readers_agree_on() {
        use Dotenv::{ForAll, ForPython};
        for (value, expected) in [
            ("", ForAll("''".into())),
            ("plain-1.5/x=y", ForAll("plain-1.5/x=y".into())),
            (
                "two words # no comment",
                ForAll("'two words # no comment'".into()),
            ),
            ("a\nb", ForAll("'a\nb'".into())),
            (r"$x `y` a\b", ForAll(r"'$x `y` a\b'".into())),
            ("it's", ForAll("\"it's\"".into())),
            ("it's\r", ForAll("\"it's\\r\"".into())),
            (r"it's\d", ForAll(r#""it's\d""#.into())),
            (r#"it's "new""#, ForAll(r#"it's "new""#.into())),
            (r"it's\new", ForAll(r"it's\new".into())),
            ("end\\", ForAll("end\\".into())),
            ("a\\\\b\"\r", ForPython(r#""a\\\\b\"\r""#.into())),
            ("'\"", ForPython(r#""'\"""#.into())),
            ("it's\n\"", ForPython("\"it's\n\\\"\"".into())),
            ("\\\r", ForPython(r#""\\\r""#.into())),
        ] {
            assert_eq!(dotenv(value), expected, "{value:?}");
        }
    }

    #[test]
    fn a_shell_word_is_bytes() {
        let word = |value: &[u8]| {
            let mut word = Vec::new();
            shell(value, &mut word);
            word
        };
        assert_eq!(word(b"it's \xff$(x)\n"), b"'it'\\''s \xff$(x)\n'");
        assert_eq!(word(b""), b"''");
    }
}
