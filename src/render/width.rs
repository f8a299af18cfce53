//! The columns of a terminal that text takes.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// East Asian characters and emoji take two, marks that combine take none. Each character of a color sequence counts as
/// one, as in the official tables.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let escapes = text.matches('\x1b').count();
    text.width() - escapes_counted(text) + escapes
}

/// What the table of widths takes control characters for.
fn escapes_counted(text: &str) -> usize {
    text.matches('\x1b').map(UnicodeWidthStr::width).sum()
}

pub(super) fn of_characters(characters: &[char]) -> usize {
    match characters.iter().all(char::is_ascii) {
        true => characters.len(),
        false => width(&characters.iter().collect::<String>()),
    }
}

/// How many of the characters fit into so many columns.
pub(super) fn fitting(characters: &[char], columns: usize) -> usize {
    let mut used = 0;
    let fits = characters.iter().take_while(|&&c| {
        used += if c.is_ascii() {
            1
        } else {
            c.width().unwrap_or(0)
        };
        used <= columns
    });
    fits.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        for (text, columns) in [
            ("", 0),
            ("abc", 3),
            ("é", 1),
            ("e\u{301}", 1),
            ("密码", 4),
            ("ﾊﾝｶｸ", 4),
            ("🔑", 2),
            ("\x1b[31m****\x1b[0m", 13),
            ("\x1b[31m密\x1b[0m", 11),
        ] {
            assert_eq!(width(text), columns, "{text:?}");
            let characters: Vec<_> = text.chars().collect();
            assert_eq!(of_characters(&characters), columns, "{text:?}");
            assert_eq!(fitting(&characters, columns), characters.len(), "{text:?}");
        }
        assert_eq!(fitting(&['a', '密', '码'], 4), 2);
    }
}
