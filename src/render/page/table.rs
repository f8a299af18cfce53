//! Tables of a page: columns without rules, as narrow as the paper asks for.

use super::lines::{widths, wrapped};
use super::piece::{Piece, Style, Text, strong};
use super::{INDENT, Paper, indented};

const GAP: usize = 2;

/// The lines of a table. One that the paper is too narrow for becomes a list, in which each cell follows the heading of its
/// column.
pub(super) fn table(rows: &[Vec<Text>], paper: Paper) -> Vec<String> {
    match columns(rows, paper) {
        Some(columns) => side_by_side(rows, &columns, paper),
        None => listed(rows, paper),
    }
}

// The width of each column, taken from the widest until all fit.
fn columns(rows: &[Vec<Text>], paper: Paper) -> Option<Vec<usize>> {
    let count = rows.iter().map(Vec::len).max()?;
    let (mut wanted, mut least) = (vec![0; count], vec![0; count]);
    for row in rows {
        for ((cell, wanted), least) in row.iter().zip(&mut wanted).zip(&mut least) {
            let (whole, widest) = widths(cell, paper.ink);
            *wanted = whole.max(*wanted);
            *least = widest.max(*least);
        }
    }
    let room = paper.width.saturating_sub(GAP * (count - 1));
    let total: usize = wanted.iter().sum();
    for _ in room..total {
        let shrinkable = wanted
            .iter_mut()
            .zip(&least)
            .filter(|(now, least)| **now > **least);
        let (widest, _) = shrinkable.max_by_key(|(now, _)| **now)?;
        *widest -= 1;
    }
    Some(wanted)
}

fn side_by_side(rows: &[Vec<Text>], columns: &[usize], paper: Paper) -> Vec<String> {
    let cells = |row: &[Text], is_head: bool| -> Vec<Vec<String>> {
        let each = row.iter().zip(columns);
        each.map(|(cell, &width)| {
            let cell = if is_head { strong(cell) } else { cell.clone() };
            wrapped(&cell, Paper { width, ..paper })
        })
        .collect()
    };
    let rows: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| cells(row, at == 0))
        .collect();
    // Rows of several lines are told apart by a blank one.
    let is_airy = rows.iter().flatten().any(|cell| cell.len() > 1);
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if at > 1 && is_airy {
            lines.push(String::new());
        }
        let height = row.iter().map(Vec::len).max().unwrap_or(0);
        lines.extend((0..height).map(|line| across(row, columns, line)));
        if at == 0 {
            let rules = columns.iter().map(|&width| "-".repeat(width));
            lines.push(rules.collect::<Vec<_>>().join(&" ".repeat(GAP)));
        }
    }
    lines
}

// One line of all cells of a row.
fn across(row: &[Vec<String>], columns: &[usize], line: usize) -> String {
    let mut text = String::new();
    let mut at = 0;
    let mut wanted = 0;
    for (cell, width) in row.iter().zip(columns) {
        if let Some(part) = cell.get(line).filter(|part| !part.is_empty()) {
            text += &" ".repeat(wanted - at);
            text += part;
            at = wanted + visible(part);
        }
        wanted += width + GAP;
    }
    text
}

// Without the control sequences, all of which end with `m`.
fn visible(text: &str) -> usize {
    let mut pieces = text.split('\x1b');
    let first = pieces.next().unwrap_or_default().chars().count();
    let rest = pieces.filter_map(|piece| piece.split_once('m'));
    first + rest.map(|(_, text)| text.chars().count()).sum::<usize>()
}

fn listed(rows: &[Vec<Text>], paper: Paper) -> Vec<String> {
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    for row in rows {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        for (at, (name, cell)) in head.iter().zip(row).enumerate() {
            let indent = if at == 0 { "" } else { INDENT };
            let mut text = Text::new();
            if at > 0 && !name.is_empty() {
                text.extend(name.iter().cloned());
                text.push(Piece::new(Style::Plain, ": "));
            }
            text.extend(cell.iter().cloned());
            let cell = wrapped(&text, paper.within(indent));
            lines.extend(cell.iter().map(|line| indented(indent, line)));
        }
    }
    lines
}
