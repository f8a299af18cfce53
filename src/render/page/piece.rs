//! Text in pieces of one style each, and how styles are written.

use std::borrow::Cow;

use super::roff;
use crate::render::paint::END;

pub(super) type Text = Vec<Piece>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Strong,
    Code,
}

/// How styles are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Not at all: code keeps its marks.
    Plain,
    /// As sequences of a terminal.
    Terminal,
    /// As the language of manual pages.
    Roff,
}

#[derive(Clone, Debug, PartialEq, Eq)]
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

    pub(super) fn shown(&self, ink: Ink) -> Cow<'_, str> {
        match (ink, self.style) {
            (Ink::Plain, Style::Code) => format!("`{}`", self.text).into(),
            (Ink::Roff, _) => roff::escaped(&self.text).into(),
            (Ink::Plain | Ink::Terminal, _) => self.text.as_str().into(),
        }
    }
}

impl Style {
    pub(super) fn paint(self, text: &str, ink: Ink) -> String {
        match (ink, self) {
            (Ink::Terminal, Self::Strong) => format!("\x1b[1m{text}{END}"),
            (Ink::Terminal, Self::Code) => format!("\x1b[36m{text}{END}"),
            (Ink::Roff, Self::Strong | Self::Code) => format!("\\fB{text}\\fR"),
            (Ink::Plain, _) | (_, Self::Plain) => text.to_owned(),
        }
    }
}

/// The same text in bold, apart from code.
pub(super) fn strong(text: &Text) -> Text {
    let pieces = text.iter().cloned();
    pieces.map(|piece| piece.with(Style::Strong)).collect()
}
