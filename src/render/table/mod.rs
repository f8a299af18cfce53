//! Tables, byte for byte as the official CLI lays them out (compatibility 1.4).

mod align;

use std::borrow::Cow;

use ksm::foreign;
use memchr::memchr2;

pub(crate) use self::align::Align;
use self::align::{align, push_aligned};
use super::mask::MARK;
use super::paint::{Color, Colors};
use super::width::width as columns_of;
use super::wrap::wrap;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// In characters.
    pub(crate) width: usize,
    pub(crate) colors: Colors,
}

/// The width of the official CLI where there is no terminal.
const COLUMNS: usize = 80;

impl Layout {
    /// Takes the width from the terminal at stdin, as the official CLI does.
    pub(crate) fn new(colors: Colors) -> Self {
        // The official layout leaves the last column of a terminal free.
        Self {
            width: columns().unwrap_or(COLUMNS) - 1,
            colors,
        }
    }
}

#[cfg(unix)]
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdin()).ok()?;
    Some(size.ws_col.into()).filter(|&columns| columns > 0)
}

#[cfg(not(unix))]
fn columns() -> Option<usize> {
    None
}

/// A column and how its cells look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    title: &'static str,
    color: Option<Color>,
    align: Align,
    wraps: bool,
    is_ruled_whole: bool,
}

impl Column {
    pub(crate) fn new(title: &'static str) -> Self {
        Self {
            title,
            color: None,
            align: Align::Left,
            wraps: false,
            is_ruled_whole: false,
        }
    }

    pub(crate) fn color(self, color: Color) -> Self {
        Self {
            color: Some(color),
            ..self
        }
    }

    pub(crate) fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// The last one, in a table of ours: its rule is as long as its cells. The official layout cuts it at the terminal's edge.
    pub(crate) fn ruled_whole(self) -> Self {
        Self {
            is_ruled_whole: true,
            ..self
        }
    }

    /// Gives way when the table is too wide.
    pub(crate) fn wraps(self) -> Self {
        Self {
            wraps: true,
            ..self
        }
    }
}

/// A table of `N` columns. It makes the text of its cells harmless to terminals.
#[derive(Debug)]
pub(crate) struct Table<const N: usize> {
    columns: [Column; N],
    /// All cells, row by row: a list may have thousands.
    cells: String,
    /// Where in `cells` each of them ends.
    rows: Vec<[usize; N]>,
}

/// Between two columns and before the first.
const GAP: usize = 1;
/// Bytes that are reserved for the text at most.
const USUAL: usize = 1 << 20;

impl<const N: usize> Table<N> {
    pub(crate) fn new(columns: [Column; N]) -> Self {
        Self {
            columns,
            cells: String::new(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: [&str; N]) {
        let ends = cells.map(|cell| {
            // The end of a line is white space, which the layout shows as blanks. A CR elsewhere hides what it separates.
            match foreign::lines(cell) {
                Cow::Borrowed(plain) => self.cells += plain,
                Cow::Owned(_) => self.cells += &foreign::lines(&cell.replace("\r\n", " \n")),
            }
            self.cells.len()
        });
        self.rows.push(ends);
    }

    /// Adds a row with a hidden value in the last column.
    pub(crate) fn masked_row(&mut self, cells: [&str; N], colors: Colors) {
        self.row(cells);
        let marked = self.rows().last().and_then(|row| row.last().copied());
        let marked = marked.map(|cell| (cell.len(), colors.mark(cell, MARK)));
        let end = self.rows.last_mut().and_then(|row| row.last_mut());
        if let (Some((length, marked)), Some(end)) = (marked, end) {
            self.cells.truncate(self.cells.len() - length);
            self.cells += &marked;
            *end = self.cells.len();
        }
    }

    fn rows(&self) -> impl Iterator<Item = [&str; N]> {
        let mut start = 0;
        self.rows.iter().map(move |ends| {
            ends.map(|end| {
                let cell = self.cells.get(start..end).unwrap_or_default();
                start = end;
                cell
            })
        })
    }

    /// The table between blank lines.
    pub(crate) fn framed(&self, layout: Layout) -> String {
        self.within("\n", layout, "\n")
    }

    /// Each line ends with a newline.
    pub(crate) fn render(&self, layout: Layout) -> String {
        self.within("", layout, "")
    }

    fn within(&self, before: &str, layout: Layout, after: &str) -> String {
        let widths = self.fit(self.widths(), layout.width);
        let last = N.saturating_sub(1);
        let mut titles = String::from(" ");
        let mut dashes = String::from(" ");
        let mut left = layout.width;
        for (index, (column, &width)) in self.columns.iter().zip(&widths).enumerate() {
            let title = align(column.title, width, column.align);
            if index == last {
                titles += title.trim_end();
                dashes += &"-".repeat(match column.is_ruled_whole {
                    true => width,
                    false => width.min(left),
                });
            } else {
                titles += &format!("{title} ");
                dashes += &format!("{} ", "-".repeat(width));
                left = left.saturating_sub(width + GAP);
            }
        }
        let mut text = format!("{before}{titles}\n{dashes}\n");
        let line = widths.iter().sum::<usize>() + N * GAP + 1;
        text.reserve(self.rows.len().saturating_mul(line).min(USUAL));
        for row in self.rows() {
            self.push_row(&mut text, row, &widths, layout.colors);
        }
        text += after;
        layout.colors.finish(text)
    }

    /// The widths that the contents need.
    fn widths(&self) -> [usize; N] {
        let mut widths = self.columns.map(|column| columns_of(column.title));
        for row in self.rows() {
            for (index, (width, cell)) in widths.iter_mut().zip(row).enumerate() {
                let gap = if index + 1 == N { 0 } else { GAP };
                *width = (columns_of(cell) + gap).max(*width);
            }
        }
        widths
    }

    /// The widths that fit: wrapping columns share what the others leave, but never get less than their title.
    /// A table more than three times too wide stays as it is.
    fn fit(&self, widths: [usize; N], usable: usize) -> [usize; N] {
        let gaps = N; // The indent, and one between each two columns.
        let total = gaps + widths.iter().sum::<usize>();
        let wrapping = self.columns.iter().filter(|column| column.wraps).count();
        if wrapping == 0 || total <= usable || total > 3 * usable {
            return widths;
        }
        let columns = || self.columns.iter().zip(&widths);
        let fixed: usize = columns()
            .filter(|(column, _)| !column.wraps)
            .map(|(_, width)| *width)
            .sum();
        // The official layout counts the gap after a wrapping column among what gives way, save for the last.
        let gaps = columns()
            .enumerate()
            .filter(|(index, (column, _))| !column.wraps && index + 1 < N)
            .count();
        let share = usable.saturating_sub(GAP + fixed + gaps) / wrapping;
        let mut shares = columns().map(|(column, &width)| {
            if column.wraps {
                share.max(columns_of(column.title))
            } else {
                width
            }
        });
        std::array::from_fn(|_| shares.next().unwrap_or(0))
    }

    fn push_row(&self, text: &mut String, row: [&str; N], widths: &[usize; N], colors: Colors) {
        let mut cells = row.iter().zip(widths);
        if cells.all(|(cell, &width)| fits(cell, width)) {
            self.push_line(text, row.map(Some), widths, colors);
            return;
        }
        let cells = row.iter().zip(widths);
        let cells: Vec<_> = cells.map(|(cell, &width)| wrap(cell, width)).collect();
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let mut lines = cells.iter().map(|lines| lines.get(line));
            let lines = std::array::from_fn(|_| lines.next().flatten().map(String::as_str));
            self.push_line(text, lines, widths, colors);
        }
    }

    /// Cells that have no such line are blank.
    fn push_line(
        &self,
        text: &mut String,
        cells: [Option<&str>; N],
        widths: &[usize; N],
        colors: Colors,
    ) {
        text.push(' ');
        for (index, ((column, cell), &width)) in
            self.columns.iter().zip(cells).zip(widths).enumerate()
        {
            let is_last = index + 1 == N;
            colors.paint_to(text, column.color, |text| {
                let start = text.len();
                push_aligned(text, cell.unwrap_or_default(), width, column.align);
                if !is_last {
                    text.push(' ');
                } else if cell.is_some() {
                    let end = text.get(start..).map_or(0, |cell| cell.trim_end().len());
                    text.truncate(start + end);
                }
            });
        }
        text.push('\n');
    }
}

/// Whether [`wrap`] leaves a cell as it is: one line without blanks at its end.
fn fits(cell: &str, width: usize) -> bool {
    !cell.is_empty()
        && !cell.ends_with(' ')
        && memchr2(b'\n', b'\t', cell.as_bytes()).is_none()
        && columns_of(cell) <= width
}

#[cfg(test)]
mod tests;
