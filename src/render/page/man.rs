//! Pages in the language of manual pages (`man`), so that `mandoc` finds nothing to say about them.

use super::lines::wrapped;
use super::piece::{Ink, Piece, Style, Text};
use super::reading::{self, Block};
use super::roff::{escaped, guarded};
use super::{Paper, table};

/// Source lines stay below the 80 bytes that are usual.
const PAPER: Paper = Paper {
    width: 72,
    ink: Ink::Roff,
};

/// What a page has room for on a terminal as narrow as they usually are.
const SCREEN: usize = 80;
/// What `man` puts in front of text.
const MARGIN: usize = 7;
/// In front of code and tables, where they leave room for it.
const INDENT: usize = 4;

/// What a manual page says about a command.
pub(crate) struct CommandPage {
    /// All words, `ksm` among them.
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) usage: String,
    /// Commands, arguments and options.
    pub(crate) groups: Vec<Group>,
    pub(crate) examples: Vec<String>,
    pub(crate) notes: String,
    pub(crate) topics: Vec<String>,
}

/// Terms and what they mean, under a heading.
pub(crate) struct Group {
    pub(crate) heading: String,
    pub(crate) entries: Vec<(String, String)>,
}

/// The source of a manual page.
pub(crate) struct ManPage {
    source: String,
    // Behind a heading, `mandoc` finds a new paragraph of no use.
    is_below_heading: bool,
    // The columns in front of text.
    margin: usize,
}

impl ManPage {
    /// `day` is an ISO date.
    pub(crate) fn of_command(page: &CommandPage, day: &str) -> String {
        let name = page.name.replace(' ', "-");
        let mut man = Self::begin(&name, 1, &page.summary, day);
        man.heading("SYNOPSIS", 2);
        man.code(&page.usage);
        for group in &page.groups {
            man.heading(&group.heading.to_uppercase(), 2);
            for (term, meaning) in &group.entries {
                man.line(".TP");
                man.text(&vec![Piece::new(Style::Strong, term)]);
                man.text(&vec![Piece::new(Style::Plain, meaning)]);
            }
        }
        if !page.examples.is_empty() {
            man.heading("EXAMPLES", 2);
            man.code(&page.examples.join("\n"));
        }
        if !page.notes.is_empty() {
            man.heading("NOTES", 2);
            for paragraph in page.notes.split("\n\n") {
                match paragraph.lines().any(|line| line.starts_with([' ', '-'])) {
                    true => man.code(paragraph),
                    false => man.blocks(&reading::blocks(paragraph)),
                }
            }
        }
        let topics = page.topics.iter().map(|topic| format!("ksm-{topic}(7)"));
        man.see_also(topics.collect());
        man.source
    }

    pub(crate) fn of_topic(topic: &ksm::guide::Topic, day: &str) -> String {
        let mut man = Self::begin(&format!("ksm-{}", topic.name), 7, topic.summary, day);
        let blocks = reading::blocks(topic.text);
        let title = |block: &&Block| !matches!(block, Block::Heading { level: 1, .. });
        let blocks = blocks.iter().filter(title);
        let mut blocks = blocks.peekable();
        if !matches!(blocks.peek(), Some(Block::Heading { .. })) {
            man.heading("DESCRIPTION", 2);
        }
        blocks.for_each(|block| man.block(block));
        man.see_also(vec!["ksm(1)".to_owned()]);
        man.source
    }

    fn begin(name: &str, section: u8, summary: &str, day: &str) -> Self {
        let mut man = Self {
            source: String::new(),
            is_below_heading: false,
            margin: MARGIN,
        };
        let title = escaped(&name.to_uppercase());
        let version = env!("CARGO_PKG_VERSION");
        man.line(&format!(
            ".TH {title} {section} {day} \"ksm {version}\" \"Manual of ksm\""
        ));
        man.heading("NAME", 2);
        let summary = summary.trim_end_matches('.');
        let line = format!("{} \\- {}", escaped(name), escaped(summary));
        man.line(&in_pieces(&line));
        man
    }

    fn see_also(&mut self, pages: Vec<String>) {
        if !pages.is_empty() {
            self.heading("SEE ALSO", 2);
            self.text(&vec![Piece::new(Style::Plain, &pages.join(", "))]);
        }
    }

    fn line(&mut self, line: &str) {
        self.source += line;
        self.source.push('\n');
    }

    fn heading(&mut self, text: &str, level: usize) {
        let request = if level > 2 { "SS" } else { "SH" };
        self.line(&format!(".{request} {}", escaped(text)));
        self.is_below_heading = true;
    }

    fn paragraph(&mut self) {
        if !std::mem::take(&mut self.is_below_heading) {
            self.line(".PP");
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                let text: String = text.iter().map(|piece| piece.text.as_str()).collect();
                let text = if *level > 2 {
                    text
                } else {
                    text.to_uppercase()
                };
                self.heading(&text, *level);
            }
            Block::Paragraph(text) => {
                self.paragraph();
                self.text(text);
            }
            Block::Code(code) => self.code(code),
            Block::List { first, items } => self.list(*first, items),
            Block::Table(rows) => {
                let paper = Paper {
                    width: SCREEN - INDENT - self.margin,
                    ink: Ink::Plain,
                };
                self.code(&table::table(rows, paper).join("\n"));
            }
        }
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Block>]) {
        for (number, item) in (first.unwrap_or(0)..).zip(items) {
            let (mark, width) = match first {
                None => ("\\(bu".to_owned(), 2),
                Some(_) => (format!("{number}."), 4),
            };
            self.line(&format!(".IP {mark} {width}"));
            self.is_below_heading = true;
            for block in item {
                match block {
                    Block::Paragraph(text) => {
                        self.paragraph();
                        self.text(text);
                    }
                    inner => {
                        self.line(".RS");
                        self.margin += width;
                        self.block(inner);
                        self.margin -= width;
                        self.line(".RE");
                    }
                }
            }
        }
        self.is_below_heading = false;
    }

    fn text(&mut self, text: &Text) {
        for line in wrapped(text, PAPER) {
            self.line(&guarded(&line));
        }
        self.is_below_heading = false;
    }

    fn code(&mut self, code: &str) {
        self.paragraph();
        let columns = |c| if c == '\t' { 8 } else { 1 };
        let widest = code.lines().map(|line| line.chars().map(columns).sum());
        let widest: Option<usize> = widest.max();
        let room = SCREEN.saturating_sub(widest.unwrap_or(0));
        // Wide lines begin further left, and stay whole.
        let indent = match room.checked_sub(self.margin) {
            Some(indent) => indent.min(INDENT).to_string(),
            None => format!("-{}", self.margin - room),
        };
        self.line(&format!(".RS {indent}\n.nf"));
        for line in code.lines() {
            self.line(&in_pieces(&guarded(&escaped(line))));
        }
        self.line(".fi\n.RE");
    }
}

// A long line of code goes on in further lines of the source.
fn in_pieces(line: &str) -> String {
    let mut pieces = String::new();
    let mut length = 0;
    for word in line.split_inclusive(' ') {
        if length > 0 && length + word.len() > PAPER.width {
            pieces += "\\\n";
            length = 0;
        }
        pieces += word;
        length += word.len();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_request() {
        assert_eq!(escaped(r"a\b-c ~'x'"), r"a\eb\-c \(ti\(aqx\(aq");
        assert_eq!(guarded(".env"), r"\&.env");
        let topic = ksm::guide::Topic {
            name: "x",
            summary: "A page",
            text: "# X\n\n.env is `a-b`:\n\n## More\n\n- one\n",
        };
        let expected = "\
.TH KSM\\-X 7 2026-01-31 \"ksm VERSION\" \"Manual of ksm\"
.SH NAME
ksm\\-x \\- A page
.SH DESCRIPTION
\\&.env is \\fBa\\-b\\fR:
.SH MORE
.IP \\(bu 2
one
.SH SEE ALSO
ksm(1)
";
        let expected = expected.replace("VERSION", env!("CARGO_PKG_VERSION"));
        assert_eq!(ManPage::of_topic(&topic, "2026-01-31"), expected);
    }
}
