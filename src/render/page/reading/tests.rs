use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::inline::lead;
use super::*;
use crate::render::page::piece::{Piece, Style};

#[test]
fn pages_are_read_as_other_readers_do() {
    assert!(ksm::guide::TOPICS.len() > 20);
    for topic in ksm::guide::TOPICS {
        compare(topic.text);
    }
}

#[test]
fn what_pages_may_have_is_read_as_elsewhere() {
    for page in [
        "# A `title`\n## Another\ntext\n\nof two  \nlines\n",
        "a **bold `word`** and `` a`b `` and ` `` ` and *so* on, 2 * 3 ` 4\n",
        "[a `b]` c](https://a.example/x) <https://b.example>, a < b > c [d] (e)\n",
        "escaped \\* \\` \\[a](b) and \\a\n",
        "- one\n  goes on\n\n  and on\n- two\n  - inner\n  1. one\n     ```sh\n     code\n       more\n     ```\n\nend\n",
        "3. three\n4. four\n",
        "text\n- a list\n- at once\n\n```\na\n\n- b\n```\nbehind\n",
        "````md\n```sh\nx\n```\n````\n",
        "<!-- a\ncomment -->\ntext\n<!-- another -->\n\n| a | `b` |\n|---|---|\n| `c\\|d` | e |\n| | f |\n",
    ] {
        compare(page);
    }
}

fn compare(page: &str) {
    let expected = Reader(Parser::new_ext(page, Options::ENABLE_TABLES)).blocks();
    let read = blocks(page);
    assert_eq!(read.len(), expected.len(), "{page}");
    for (read, expected) in read.into_iter().zip(expected) {
        assert_eq!(joined(read), joined(expected));
    }
}

/// Pieces of one style beside each other are one.
fn joined(block: Block) -> Block {
    let each = |blocks: Vec<Block>| blocks.into_iter().map(joined).collect();
    let cells = |row: Vec<Text>| row.into_iter().map(joined_text).collect();
    match block {
        Block::Heading { level, text } => {
            let text = joined_text(text);
            Block::Heading { level, text }
        }
        Block::Paragraph(text) => Block::Paragraph(joined_text(text)),
        Block::List { first, items } => {
            let items = items.into_iter().map(each).collect();
            Block::List { first, items }
        }
        Block::Table(rows) => Block::Table(rows.into_iter().map(cells).collect()),
        Block::Code(code) => Block::Code(code),
    }
}

fn joined_text(text: Text) -> Text {
    let mut joined = Text::new();
    for piece in text {
        match joined.last_mut() {
            Some(last) if last.style == piece.style && piece.style != Style::Code => {
                last.text += &piece.text;
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Reads all of Markdown.
struct Reader<'t>(Parser<'t>);

impl Reader<'_> {
    // Up to the end of what these blocks lie in.
    fn blocks(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        // An item of a list may have its text without a paragraph around it.
        let mut loose = Text::new();
        while let Some(event) = self.0.next() {
            let block = match event {
                Event::End(_) => break,
                Event::Start(Tag::Paragraph) => Block::Paragraph(self.text()),
                Event::Start(Tag::Heading { level, .. }) => Block::Heading {
                    level: level as usize,
                    text: self.text(),
                },
                Event::Start(Tag::CodeBlock(_)) => Block::Code(self.code()),
                Event::Start(Tag::List(first)) => Block::List {
                    first,
                    items: self.each(|reader| reader.blocks()),
                },
                Event::Start(Tag::Table(_)) => {
                    Block::Table(self.each(|reader| reader.each(Self::text)))
                }
                Event::Start(Tag::HtmlBlock) => {
                    self.code();
                    continue;
                }
                Event::Start(Tag::BlockQuote(_)) => {
                    blocks.append(&mut self.blocks());
                    continue;
                }
                inline => {
                    self.piece(inline, Style::Plain, &mut loose);
                    continue;
                }
            };
            flush(&mut loose, &mut blocks);
            blocks.push(block);
        }
        flush(&mut loose, &mut blocks);
        blocks
    }

    // Each of the items, rows or cells up to the end of what they lie in.
    fn each<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut found = Vec::new();
        while let Some(Event::Start(_)) = self.0.next() {
            found.push(read(self));
        }
        found
    }

    fn code(&mut self) -> String {
        let mut code = String::new();
        for event in self.0.by_ref() {
            match event {
                Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => break,
                Event::Text(text) => code += &text,
                _ => {}
            }
        }
        code
    }

    fn text(&mut self) -> Text {
        let mut text = Text::new();
        self.text_in(Style::Plain, &mut text);
        text
    }

    fn text_in(&mut self, style: Style, text: &mut Text) {
        while let Some(event) = self.0.next() {
            if let Event::End(_) = event {
                break;
            }
            self.piece(event, style, text);
        }
    }

    fn piece(&mut self, event: Event<'_>, style: Style, text: &mut Text) {
        match event {
            Event::Text(words) => text.push(Piece::new(style, &words)),
            Event::Code(words) => text.push(Piece::new(Style::Code, &words)),
            Event::SoftBreak | Event::HardBreak => text.push(Piece::new(style, " ")),
            Event::Start(Tag::Strong) => self.text_in(Style::Strong, text),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                let mut words = Text::new();
                self.text_in(style, &mut words);
                if link_type != LinkType::Autolink {
                    lead(&mut words, &dest_url);
                }
                text.extend(words);
            }
            Event::Start(_) => self.text_in(style, text),
            _ => {}
        }
    }
}

fn flush(loose: &mut Text, blocks: &mut Vec<Block>) {
    if !loose.is_empty() {
        blocks.push(Block::Paragraph(std::mem::take(loose)));
    }
}
