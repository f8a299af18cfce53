//! Names as a shell reads them back. Fish, zsh and elvish quote what they are given.

/// What bash reads as `text` behind what was typed, within a quote that is open there.
pub(super) fn for_bash(text: &str, open: Option<char>) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,".contains(c);
    match open {
        Some('\'') => text.replace('\'', r"'\''"),
        Some(_) => {
            let escaped = text.chars().map(|c| match c {
                // It stands for an earlier command there.
                '!' => r#""'!'""#.to_owned(),
                '"' | '\\' | '$' | '`' => format!("\\{c}"),
                c => c.to_string(),
            });
            escaped.collect()
        }
        None => {
            let escaped = text.chars().flat_map(|c| {
                let escape = (!is_plain(c)).then_some('\\');
                escape.into_iter().chain([c])
            });
            escaped.collect()
        }
    }
}

pub(super) fn for_powershell(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=\\+".contains(c);
    match text.chars().all(is_plain) {
        true => text.to_owned(),
        false => {
            let doubled = |c: char| std::iter::repeat_n(c, if is_quote(c) { 2 } else { 1 });
            format!("'{}'", text.chars().flat_map(doubled).collect::<String>())
        }
    }
}

/// PowerShell takes typographic quotes for plain ones.
fn is_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

/// A word that a shell hands over as it was typed, without its quotes.
pub(super) fn unquoted(word: &str, escape: char) -> String {
    let mut plain = String::new();
    let mut quote = None;
    let mut characters = word.chars();
    while let Some(c) = characters.next() {
        match (c, quote) {
            (c, None | Some('"')) if c == escape => plain.extend(characters.next()),
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, _) => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powershell_closes_no_quote_early() {
        for (text, expected) in [
            ("db-1", "db-1"),
            ("it's", "'it''s'"),
            (
                "a\u{2019}; x; \u{2018}b",
                "'a\u{2019}\u{2019}; x; \u{2018}\u{2018}b'",
            ),
            ("\u{201a}\u{201b}", "'\u{201a}\u{201a}\u{201b}\u{201b}'"),
        ] {
            assert_eq!(for_powershell(text), expected);
        }
    }
}
