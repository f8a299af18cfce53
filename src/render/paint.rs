//! Colors.

/// The colors of the official tables and banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    Red,
    Green,
    Yellow,
    Blue,
    Cyan,
}

impl Color {
    /// All our sequences have four or five characters and end with `m`.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Red => "\x1b[31m",
            Self::Green => "\x1b[32m",
            Self::Yellow => "\x1b[33m",
            Self::Blue => "\x1b[34m",
            Self::Cyan => "\x1b[36m",
        }
    }
}

/// Ends any color.
pub(super) const END: &str = "\x1b[0m";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colors {
    /// Not wanted.
    Off,
    /// Wanted, but not on a terminal. The official tables still leave room for the sequences inside cells, and
    /// scripts compare our bytes with theirs.
    Hidden,
    /// On a terminal.
    Shown,
}

impl Colors {
    pub(super) fn paint(self, text: &str, color: Option<Color>) -> String {
        let mut painted = String::new();
        self.paint_to(&mut painted, color, |painted| painted.push_str(text));
        painted
    }

    /// Paints what `write` appends to `text`.
    pub(super) fn paint_to(
        self,
        text: &mut String,
        color: Option<Color>,
        write: impl FnOnce(&mut String),
    ) {
        let color = color.filter(|_| self == Self::Shown);
        text.push_str(color.map_or("", Color::begin));
        write(text);
        text.push_str(color.map_or("", |_| END));
    }

    /// Colors each `mark` red within the text of a yellow cell.
    pub(super) fn mark(self, text: &str, mark: &str) -> String {
        match self {
            Self::Off => text.to_owned(),
            Self::Hidden | Self::Shown => {
                let red = format!("{}{mark}{}", Color::Red.begin(), Color::Yellow.begin());
                text.replace(mark, &red)
            }
        }
    }

    /// Removes the sequences where no terminal shows them.
    pub(super) fn finish(self, text: String) -> String {
        match self {
            Self::Hidden if text.contains('\x1b') => stripped(&text),
            Self::Hidden | Self::Off | Self::Shown => text,
        }
    }
}

fn stripped(text: &str) -> String {
    let mut pieces = text.split('\x1b');
    let first = pieces.next().unwrap_or_default();
    let rest = pieces.filter_map(|piece| piece.split_once('m'));
    std::iter::once(first)
        .chain(rest.map(|(_, text)| text))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_sequences_disappear_where_no_terminal_shows_them() {
        let text = Colors::Shown.paint("a\\u{1b}[31mm", Some(Color::Green));
        assert_eq!(text, "\x1b[32ma\\u{1b}[31mm\x1b[0m");
        assert_eq!(Colors::Hidden.paint("a", Some(Color::Green)), "a");
        let text = Colors::Hidden.finish(format!("x {text}\n"));
        assert_eq!(text, "x a\\u{1b}[31mm\n");
        assert_eq!(Colors::Off.paint("a", Some(Color::Red)), "a");
    }
}
