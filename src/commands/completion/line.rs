//! A line of bash as it is typed, up to the cursor.

/// The words of a line, and how its last one ends.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Without their quotes, and without redirections. The last one is being typed and may be empty.
    pub(super) words: Vec<String>,
    /// The quote that nothing closes.
    pub(super) open: Option<char>,
    /// Whether the last word is the file of a redirection.
    pub(super) is_redirected: bool,
}

impl Line {
    pub(super) fn of(text: &str) -> Self {
        let mut line = Self::default();
        let mut word: Option<String> = None;
        let mut characters = text.chars();
        while let Some(c) = characters.next() {
            match (c, line.open) {
                ('\\', None | Some('"')) => {
                    word.get_or_insert_default().extend(characters.next());
                }
                ('\'' | '"', None) => {
                    word.get_or_insert_default();
                    line.open = Some(c);
                }
                (c, Some(open)) if c == open => line.open = None,
                ('<' | '>', None) => {
                    // The number of what is redirected.
                    word.take_if(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
                    line.end(word.take());
                    line.is_redirected = true;
                }
                (' ' | '\t' | '\n' | '&', None) => line.end(word.take()),
                (c, _) => word.get_or_insert_default().push(c),
            }
        }
        line.words.push(word.unwrap_or_default());
        line
    }

    fn end(&mut self, word: Option<String>) {
        if let Some(word) = word
            && !std::mem::take(&mut self.is_redirected)
        {
            self.words.push(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_bash_reads() {
        for (text, words, open) in [
            ("ksm ", &["ksm", ""][..], None),
            ("ksm sec", &["ksm", "sec"], None),
            (
                r#"ksm -e DB=keeper://My\ d"#,
                &["ksm", "-e", "DB=keeper://My d"],
                None,
            ),
            (
                r#"ksm 'a "b' "c 'd"#,
                &["ksm", r#"a "b"#, "c 'd"],
                Some('"'),
            ),
            ("ksm '' ", &["ksm", "", ""], None),
            (r"ksm a\", &["ksm", "a"], None),
            (
                "ksm 2>&1 >out <in list $(touch x)",
                &["ksm", "list", "$(touch", "x)"],
                None,
            ),
        ] {
            let line = Line::of(text);
            assert_eq!(
                (line.words.as_slice(), line.open),
                (
                    &words.iter().map(ToString::to_string).collect::<Vec<_>>()[..],
                    open
                ),
                "{text}"
            );
            assert!(!line.is_redirected, "{text}");
        }
        for text in ["ksm >", "ksm > o", "ksm list 2>\"o"] {
            assert!(Line::of(text).is_redirected, "{text}");
        }
    }
}
