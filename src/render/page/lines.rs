//! Text broken into lines.

use super::Paper;
use super::piece::{Ink, Style, Text};

/// Code up to this length is not broken.
const WHOLE: usize = 24;

/// What is not broken.
#[derive(Default)]
struct Word {
    parts: Vec<(Style, String)>,
    width: usize,
}

/// A line that is being filled.
#[derive(Default)]
struct Line {
    parts: Vec<(Style, String)>,
    width: usize,
}

impl Line {
    fn add(&mut self, word: Word) {
        if let Some((last, text)) = self.parts.last_mut() {
            let goes_on = word.parts.first().is_some_and(|(style, _)| style == last);
            match goes_on {
                true => text.push(' '),
                false => self.parts.push((Style::Plain, " ".to_owned())),
            }
            self.width += 1;
        }
        for (style, text) in word.parts {
            match self.parts.last_mut() {
                Some((last, line)) if *last == style => *line += &text,
                _ => self.parts.push((style, text)),
            }
        }
        self.width += word.width;
    }

    // Every line stands by itself in a pager.
    fn painted(self, ink: Ink) -> String {
        let parts = self.parts.iter();
        parts.map(|(style, text)| style.paint(text, ink)).collect()
    }
}

/// The lines of a text. A word that is wider than the paper has a line of its own.
pub(super) fn wrapped(text: &Text, paper: Paper) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    for word in words(text, paper.ink) {
        if line.width > 0 && line.width + 1 + word.width > paper.width {
            lines.push(std::mem::take(&mut line).painted(paper.ink));
        }
        line.add(word);
    }
    if line.width > 0 || lines.is_empty() {
        lines.push(line.painted(paper.ink));
    }
    lines
}

/// The widths of a text in one line, and of its widest word.
pub(super) fn widths(text: &Text, ink: Ink) -> (usize, usize) {
    let words = words(text, ink);
    let blanks = words.len().saturating_sub(1);
    let whole = words.iter().map(|word| word.width).sum::<usize>() + blanks;
    let widest = words.iter().map(|word| word.width).max().unwrap_or(0);
    (whole, widest)
}

fn words(text: &Text, ink: Ink) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_open = false;
    for piece in text {
        let shown = piece.shown(ink);
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
                // The lines of a source count by their bytes.
                word.width += match ink {
                    Ink::Roff => piece.style.paint(part, ink).len(),
                    Ink::Plain | Ink::Terminal => part.chars().count(),
                };
                word.parts.push((piece.style, part.to_owned()));
            }
            is_open = true;
        }
    }
    words
}
