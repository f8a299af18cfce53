//! A page of Markdown as text for a terminal or a file.

mod lines;
mod man;
mod piece;
mod reading;
mod roff;
mod table;

pub(crate) use man::{CommandPage, Group, ManPage};
pub(crate) use piece::Ink;

use lines::wrapped;
use piece::strong;
use reading::Block;

/// What a page is written on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paper {
    /// In characters. Code is not broken, so it may be wider.
    pub(crate) width: usize,
    pub(crate) ink: Ink,
}

/// Text stands this much behind its heading.
const INDENT: &str = "  ";
const CODE_INDENT: &str = "  ";

/// Renders Markdown.
pub(crate) fn page(markdown: &str, paper: Paper) -> String {
    let mut lines = Vec::new();
    for block in reading::blocks(markdown) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let is_heading = matches!(block, Block::Heading { .. });
        let indent = if is_heading { "" } else { INDENT };
        lines.extend(rendered(&block, paper.within(indent)).map(|line| indented(indent, &line)));
    }
    lines.push(String::new());
    lines.join("\n")
}

impl Paper {
    fn within(self, indent: &str) -> Self {
        let width = self.width.saturating_sub(indent.len()).max(1);
        Self { width, ..self }
    }
}

fn rendered(block: &Block, paper: Paper) -> std::vec::IntoIter<String> {
    let lines = match block {
        Block::Heading { text, .. } => wrapped(&strong(text), paper),
        Block::Paragraph(text) => wrapped(text, paper),
        Block::Code(code) => code
            .lines()
            .map(|line| indented(CODE_INDENT, line))
            .collect(),
        Block::List { first, items } => list(*first, items, paper),
        Block::Table(rows) => table::table(rows, paper),
    };
    lines.into_iter()
}

fn list(first: Option<u64>, items: &[Vec<Block>], paper: Paper) -> Vec<String> {
    let mut lines = Vec::new();
    for (number, item) in (first.unwrap_or(0)..).zip(items) {
        let mark = first.map_or_else(|| "- ".to_owned(), |_| format!("{number}. "));
        let hanging = " ".repeat(mark.len());
        let mut is_first = true;
        for block in item {
            if !is_first {
                lines.push(String::new());
            }
            for line in rendered(block, paper.within(&mark)) {
                let indent = if is_first { &mark } else { &hanging };
                lines.push(indented(indent, &line));
                is_first = false;
            }
        }
    }
    lines
}

fn indented(indent: &str, line: &str) -> String {
    match line.is_empty() {
        true => String::new(),
        false => format!("{indent}{line}"),
    }
}

#[cfg(test)]
mod tests;
