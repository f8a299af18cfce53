//! Markdown read into blocks.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::piece::{Piece, Style, Text};

#[derive(Debug)]
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

/// The blocks of a page. Comments and other HTML are left out.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    Reader(Parser::new_ext(markdown, Options::ENABLE_TABLES)).blocks()
}

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

/// Tells where a link leads, for a reader who cannot follow it: an address, or the command that shows a page of the
/// guide. The command takes the place of words that are the name of the page.
fn lead(words: &mut Text, link: &str) {
    let path = link.split('#').next().unwrap_or_default();
    let topic = path
        .rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".md"));
    let shown = match topic.and_then(ksm::guide::Topic::named) {
        Some(topic) => {
            let command = Piece::new(Style::Code, &format!("ksm help {}", topic.name));
            if matches!(words.as_slice(), [only] if only.text == topic.name) {
                *words = vec![command];
                return;
            }
            command
        }
        None if link.contains("://") => Piece::new(Style::Plain, link),
        None => return,
    };
    let plain = |text| Piece::new(Style::Plain, text);
    words.extend([plain(" ("), shown, plain(")")]);
}
