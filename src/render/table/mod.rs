//! Tables, byte for byte as the official CLI lays them out (compatibility 1.4).

use ksm::foreign;

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

/// Where cells and title stand in a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// A column and how its cells look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    title: &'static str,
    color: Option<Color>,
    align: Align,
    wraps: bool,
}

impl Column {
    pub(crate) fn new(title: &'static str) -> Self {
        Self {
            title,
            color: None,
            align: Align::Left,
            wraps: false,
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
    rows: Vec<[String; N]>,
}

/// Between two columns and before the first.
const GAP: usize = 1;

impl<const N: usize> Table<N> {
    pub(crate) fn new(columns: [Column; N]) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: [&str; N]) {
        // The end of a line is white space, which the layout shows as blanks. A CR elsewhere hides what it separates.
        let blanks = |cell: &str| cell.replace("\r\n", " \n");
        let cells = cells.map(|cell| foreign::lines(&blanks(cell)).into_owned());
        self.rows.push(cells);
    }

    /// Adds a row with a hidden value in the last column.
    pub(crate) fn masked_row(&mut self, cells: [&str; N], colors: Colors) {
        self.row(cells);
        if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
            *cell = colors.mark(cell, MARK);
        }
    }

    /// The table between blank lines.
    pub(crate) fn framed(&self, layout: Layout) -> String {
        format!("\n{}\n", self.render(layout))
    }

    /// Each line ends with a newline.
    pub(crate) fn render(&self, layout: Layout) -> String {
        let widths = self.fit(self.widths(), layout.width);
        let last = N.saturating_sub(1);
        let mut titles = String::from(" ");
        let mut dashes = String::from(" ");
        let mut left = layout.width;
        for (index, (column, &width)) in self.columns.iter().zip(&widths).enumerate() {
            let title = align(column.title, width, column.align);
            if index == last {
                titles += title.trim_end();
                dashes += &"-".repeat(width.min(left));
            } else {
                titles += &format!("{title} ");
                dashes += &format!("{} ", "-".repeat(width));
                left = left.saturating_sub(width + GAP);
            }
        }
        let mut text = format!("{titles}\n{dashes}\n");
        for row in &self.rows {
            text += &self.row_lines(row, &widths, layout.colors);
        }
        layout.colors.finish(text)
    }

    /// The widths that the contents need.
    fn widths(&self) -> [usize; N] {
        let cells = |index: usize| self.rows.iter().filter_map(move |row| row.get(index));
        std::array::from_fn(|index| {
            let gap = if index + 1 == N { 0 } else { GAP };
            let title = self
                .columns
                .get(index)
                .map_or(0, |column| columns_of(column.title));
            cells(index)
                .map(|cell| columns_of(cell) + gap)
                .max()
                .unwrap_or(0)
                .max(title)
        })
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

    fn row_lines(&self, row: &[String; N], widths: &[usize; N], colors: Colors) -> String {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(widths)
            .map(|(cell, &width)| wrap(cell, width))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let mut text = String::new();
        for line in 0..height {
            text.push(' ');
            for (index, ((column, lines), &width)) in
                self.columns.iter().zip(&cells).zip(widths).enumerate()
            {
                let is_last = index + 1 == N;
                let cell = match lines.get(line) {
                    Some(line) if is_last => align(line, width, column.align).trim_end().to_owned(),
                    Some(line) => align(line, width, column.align),
                    None => " ".repeat(width),
                };
                let gap = if is_last { "" } else { " " };
                text += &colors.paint(&format!("{cell}{gap}"), column.color);
            }
            text.push('\n');
        }
        text
    }
}

fn align(text: &str, width: usize, align: Align) -> String {
    // Not by a format width: std panics above 65535, and foreign titles have any length.
    let missing = width.saturating_sub(columns_of(text));
    let before = match align {
        Align::Left => 0,
        Align::Center => missing / 2,
        Align::Right => missing,
    };
    let blanks = |count: usize| " ".repeat(count);
    format!("{}{text}{}", blanks(before), blanks(missing - before))
}

#[cfg(test)]
mod tests;
