//! Text with styles, broken into lines.

use std::borrow::Cow;

use super::Paper;
use super::reading::Text;
use crate::render::paint::END;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Strong,
    Code,
}

/// Code up to this length is not broken.
const WHOLE: usize = 24;

#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) style: Style,
    pub(super) text: String,
}

impl Piece {
    pub(super) fn new(style: Style, text: &str) -> Self {
        Self {
            style,
            text: text.to_owned(),
        }
    }

    /// The same text in another style, unless it is code.
    pub(super) fn with(self, style: Style) -> Self {
        match self.style {
            Style::Code => self,
            Style::Plain | Style::Strong => Self { style, ..self },
        }
    }

    // Without colors, code keeps its marks.
    fn shown(&self, is_styled: bool) -> Cow<'_, str> {
        match self.style {
            Style::Code if !is_styled => format!("`{}`", self.text).into(),
            Style::Code | Style::Plain | Style::Strong => self.text.as_str().into(),
        }
    }
}

impl Style {
    fn paint(self, text: &str, is_styled: bool) -> String {
        match self {
            Self::Strong if is_styled => format!("\x1b[1m{text}{END}"),
            Self::Code if is_styled => format!("\x1b[36m{text}{END}"),
            Self::Plain | Self::Strong | Self::Code => text.to_owned(),
        }
    }
}

/// What is not broken; each part has its style, so that every line stands by itself in a pager.
#[derive(Default)]
struct Word {
    painted: String,
    width: usize,
}

/// The lines of a text. A word that is wider than the paper has a line of its own.
pub(super) fn wrapped(text: &Text, paper: Paper) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut width) = (String::new(), 0);
    for word in words(text, paper.is_styled) {
        if width > 0 && width + 1 + word.width > paper.width {
            lines.push(std::mem::take(&mut line));
            width = 0;
        }
        if width > 0 {
            line.push(' ');
            width += 1;
        }
        line += &word.painted;
        width += word.width;
    }
    if width > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The widths of a text in one line, and of its widest word.
pub(super) fn widths(text: &Text, is_styled: bool) -> (usize, usize) {
    let words = words(text, is_styled);
    let blanks = words.len().saturating_sub(1);
    let whole = words.iter().map(|word| word.width).sum::<usize>() + blanks;
    let widest = words.iter().map(|word| word.width).max().unwrap_or(0);
    (whole, widest)
}

fn words(text: &Text, is_styled: bool) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_open = false;
    for piece in text {
        let shown = piece.shown(is_styled);
        let is_whole = piece.style == Style::Code && shown.chars().count() <= WHOLE;
        let parts: Vec<_> = match is_whole {
            true => vec![&*shown],
            false => shown.split(' ').collect(),
        };
        for (at, part) in parts.into_iter().enumerate() {
            is_open &= at == 0;
            if part.is_empty() {
                continue;
            }
            if !is_open {
                words.push(Word::default());
            }
            if let Some(word) = words.last_mut() {
                word.painted += &piece.style.paint(part, is_styled);
                word.width += part.chars().count();
            }
            is_open = true;
        }
    }
    words
}
