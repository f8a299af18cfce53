//! A line of the shell as words: the quotes of a POSIX shell, and nothing else of it. `#` is a character like any other
//! (compatibility 15).

/// A line that ends within a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a quote is opened and not closed")]
pub(super) struct OpenQuote;

/// A word without its quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// The offset of its first byte, which may be a quote.
    pub(super) start: usize,
    pub(super) text: String,
}

pub(super) fn words(line: &str) -> Result<Vec<String>, OpenQuote> {
    let cut = Cut::of(line);
    match cut.is_open {
        true => Err(OpenQuote),
        false => Ok(cut.words.into_iter().map(|word| word.text).collect()),
    }
}

/// The lines of a text that was pasted. A line end within quotes belongs to a word.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut is_open = false;
    for piece in text.split('\n') {
        match lines.last_mut() {
            Some(line) if is_open => {
                line.push('\n');
                line.push_str(piece);
            }
            _ => lines.push(piece.to_owned()),
        }
        is_open = lines.last().is_some_and(|line| Cut::of(line).is_open);
    }
    lines
}

/// The words before the last one, and the one that is being typed, which may be empty.
pub(super) fn typed(line: &str) -> (Vec<String>, Word) {
    let mut cut = Cut::of(line);
    let fresh = Word {
        start: line.len(),
        text: String::new(),
    };
    let last = match cut.within {
        true => cut.words.pop().unwrap_or(fresh),
        false => fresh,
    };
    (cut.words.into_iter().map(|word| word.text).collect(), last)
}

/// `text` so that it is read as one word.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@%+,=#".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

struct Cut {
    words: Vec<Word>,
    /// Whether the line ends within the last word.
    within: bool,
    /// Whether it ends within a quote, or behind a backslash.
    is_open: bool,
}

impl Cut {
    fn of(line: &str) -> Self {
        let mut words: Vec<Word> = Vec::new();
        let (mut within, mut quote) = (false, None);
        let mut is_escaped = false;
        for (start, c) in line.char_indices() {
            let is_blank = c.is_ascii_whitespace() && quote.is_none() && !is_escaped;
            if is_blank {
                within = false;
                continue;
            }
            if !within {
                within = true;
                words.push(Word {
                    start,
                    text: String::new(),
                });
            }
            let Some(word) = words.last_mut() else {
                continue;
            };
            match (quote, c) {
                _ if is_escaped => {
                    // Within double quotes, a backslash is one unless it escapes something.
                    if quote == Some('"') && !matches!(c, '"' | '\\') {
                        word.text.push('\\');
                    }
                    word.text.push(c);
                    is_escaped = false;
                }
                // Paths of Windows are full of them.
                (None | Some('"'), '\\') if !cfg!(windows) => is_escaped = true,
                (None, '\'' | '"') => quote = Some(c),
                (Some(open), c) if open == c => quote = None,
                _ => word.text.push(c),
            }
        }
        Self {
            words,
            within,
            is_open: quote.is_some() || is_escaped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_line_is_cut_as_by_a_posix_shell() {
        for (line, expected) in [
            ("", Some(&[][..])),
            (" \t ", Some(&[])),
            ("secret list", Some(&["secret", "list"])),
            ("get 'My DB' \"a b\"c", Some(&["get", "My DB", "a bc"])),
            (r"a\ b \#1 #2 'x#'", Some(&["a b", "#1", "#2", "x#"])),
            (r#""a\"b\\c\d" '\'"#, Some(&[r#"a"b\c\d"#, r"\"])),
            ("'' \"\"", Some(&["", ""])),
            ("$HOME `id` ~ *", Some(&["$HOME", "`id`", "~", "*"])),
            ("a 'b", None),
            ("a \"b", None),
            ("a\\", None),
        ] {
            let cut = words(line);
            let expected = expected.ok_or(OpenQuote);
            assert_eq!(
                cut.as_deref().map_err(|open| *open),
                expected
                    .map(|e| { e.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>() })
                    .as_deref()
                    .map_err(|open| *open),
                "{line}"
            );
        }
    }

    #[test]
    fn quotes_hold_the_lines_of_a_pasted_text() {
        for (text, expected) in [
            ("", &[""][..]),
            ("one", &["one"]),
            ("one\ntwo 'x'\n", &["one", "two 'x'", ""]),
            ("set 'a\nb\nc' d\ntwo", &["set 'a\nb\nc' d", "two"]),
            ("open 'a\nb", &["open 'a\nb"]),
        ] {
            assert_eq!(lines(text), expected, "{text}");
        }
    }

    #[test]
    fn the_word_being_typed_may_be_open_or_empty() {
        for (line, before, start, text) in [
            ("", &[][..], 0, ""),
            ("sec", &[], 0, "sec"),
            ("secret ", &["secret"], 7, ""),
            ("get 'My D", &["get"], 4, "My D"),
        ] {
            let (words, word) = typed(line);
            assert_eq!(words, before, "{line}");
            assert_eq!((word.start, &*word.text), (start, text), "{line}");
        }
    }

    #[test]
    fn a_quoted_text_is_one_word() {
        for text in [
            "plain", "", "My DB", "it's", r"a\b", "$x", "#1", "\"", "ä ö",
        ] {
            assert_eq!(words(&quoted(text)), Ok(vec![text.to_owned()]), "{text}");
        }
        assert_eq!(quoted("plain-1"), "plain-1");
    }
}
