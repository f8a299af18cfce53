//! Pages of the guide read into blocks. They keep to the Markdown that is read here, and a test compares the blocks with
//! those of a reader of all of it.

mod inline;

use inline::{backquotes, text};

use super::piece::Text;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block {
    Heading {
        /// 1 for the title of the page.
        level: usize,
        text: Text,
    },
    Paragraph(Text),
    Code(String),
    List {
        /// The first number, if the items are numbered.
        first: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    /// The first row holds the headings.
    Table(Vec<Vec<Text>>),
}

/// The blocks of a page. Comments are left out.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    blocks_of(&markdown.lines().collect::<Vec<_>>())
}

fn blocks_of(lines: &[&str]) -> Vec<Block> {
    let mut lines = Lines(lines);
    let mut blocks = Vec::new();
    while let Some(line) = lines.0.first() {
        match Start::of(line) {
            None => blocks.push(lines.paragraph()),
            Some(Start::Blank) => drop(lines.next()),
            Some(Start::Comment) => while lines.next().is_some_and(|line| !line.contains("-->")) {},
            Some(Start::Heading(level, words)) => {
                lines.next();
                let text = text(words);
                blocks.push(Block::Heading { level, text });
            }
            Some(Start::Fence(fence)) => blocks.push(lines.code(fence)),
            Some(Start::Row) => blocks.push(lines.table()),
            Some(Start::Item(mark)) => blocks.push(lines.list(mark)),
        }
    }
    blocks
}

/// What a line starts, other than a paragraph.
#[derive(Clone, Copy)]
enum Start<'t> {
    Blank,
    Comment,
    Heading(usize, &'t str),
    Fence(&'t str),
    Row,
    Item(Mark),
}

/// What stands before an item of a list.
#[derive(Clone, Copy)]
struct Mark {
    width: usize,
    number: Option<u64>,
}

impl<'t> Start<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let words = line.trim_start_matches('#');
        let level = line.len() - words.len();
        let fence = backquotes(line);
        if line.trim().is_empty() {
            Some(Self::Blank)
        } else if line.starts_with("<!--") {
            Some(Self::Comment)
        } else if level > 0 && words.starts_with(' ') {
            Some(Self::Heading(level, words.trim()))
        } else if fence >= 3 {
            line.get(..fence).map(Self::Fence)
        } else if line.starts_with('|') {
            Some(Self::Row)
        } else {
            Mark::of(line).map(Self::Item)
        }
    }
}

impl Mark {
    fn of(line: &str) -> Option<Self> {
        if line.starts_with("- ") {
            return Some(Self {
                width: 2,
                number: None,
            });
        }
        let (number, _) = line.split_once(". ")?;
        Some(Self {
            width: number.len() + 2,
            number: Some(number.parse().ok()?),
        })
    }
}

/// Whether a line belongs to the paragraph above it. A number may begin a line of it, unless it is 1.
fn goes_on(line: &str) -> bool {
    match Start::of(line) {
        None => true,
        Some(Start::Item(mark)) => mark.number.is_some_and(|number| number != 1),
        Some(_) => false,
    }
}

struct Lines<'a, 't>(&'a [&'t str]);

impl<'t> Iterator for Lines<'_, 't> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }
}

impl<'t> Lines<'_, 't> {
    fn next_if(&mut self, is_wanted: impl Fn(&str) -> bool) -> Option<&'t str> {
        let is_wanted = self.0.first().is_some_and(|line| is_wanted(line));
        is_wanted.then(|| self.next())?
    }

    fn paragraph(&mut self) -> Block {
        let first = self.next();
        let more = std::iter::from_fn(|| self.next_if(goes_on));
        let words: Vec<_> = first.into_iter().chain(more).map(str::trim).collect();
        Block::Paragraph(text(&words.join(" ")))
    }

    fn code(&mut self, fence: &str) -> Block {
        self.next();
        let mut code = String::new();
        for line in self.by_ref().take_while(|line| *line != fence) {
            code += line;
            code.push('\n');
        }
        Block::Code(code)
    }

    fn table(&mut self) -> Block {
        let rows = std::iter::from_fn(|| self.next_if(|line| line.starts_with('|')));
        let rows: Vec<_> = rows.map(cells).collect();
        // The second line is drawn below the headings.
        let rows = rows.into_iter().enumerate();
        let rows = rows.filter(|(at, _)| *at != 1);
        Block::Table(rows.map(|(_, cells)| cells).collect())
    }

    fn list(&mut self, mark: Mark) -> Block {
        let is_alike = |line: &str| {
            Mark::of(line).filter(|other| other.number.is_some() == mark.number.is_some())
        };
        let mut items = Vec::new();
        while let Some(Mark { width, .. }) = self.0.first().and_then(|line| is_alike(line)) {
            let first = self.next().and_then(|line| line.get(width..));
            let blanks = " ".repeat(width);
            let is_inside = |line: &str| line.starts_with(&blanks) || line.is_empty();
            let more = std::iter::from_fn(|| self.next_if(is_inside));
            let more = more.map(|line| line.get(width..).unwrap_or_default());
            items.push(blocks_of(
                &first.into_iter().chain(more).collect::<Vec<_>>(),
            ));
        }
        Block::List {
            first: mark.number,
            items,
        }
    }
}

/// The cells of a row, which lie between bars.
fn cells(row: &str) -> Vec<Text> {
    // A bar inside a cell is escaped, in code as well.
    let row = row.trim().trim_matches('|').replace("\\|", "\u{1}");
    let cells = row.split('|').map(|cell| cell.replace('\u{1}', "|"));
    cells.map(|cell| text(cell.trim())).collect()
}

#[cfg(test)]
mod tests;
