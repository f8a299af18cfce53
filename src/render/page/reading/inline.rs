//! Text of Markdown read into pieces: code, bold words, links.

use crate::render::page::piece::{Piece, Style, Text};

/// The pieces of a paragraph, a heading or a cell.
pub(super) fn text(markdown: &str) -> Text {
    styled(markdown, Style::Plain)
}

fn styled(mut rest: &str, style: Style) -> Text {
    let mut text = Text::new();
    let mut words = String::new();
    while let Some((plain, marked)) = rest
        .find(['`', '*', '[', '<', '\\'])
        .and_then(|at| rest.split_at_checked(at))
    {
        words += plain;
        match span(marked, style) {
            Some((pieces, after)) => {
                flush(&mut words, style, &mut text);
                text.extend(pieces);
                rest = after;
            }
            None => {
                let (character, after) = literal(marked);
                words.extend(character);
                rest = after;
            }
        }
    }
    words += rest;
    flush(&mut words, style, &mut text);
    text
}

fn flush(words: &mut String, style: Style, text: &mut Text) {
    if !words.is_empty() {
        text.push(Piece::new(style, words));
        words.clear();
    }
}

/// A character that marks nothing, and what comes behind it.
fn literal(marked: &str) -> (Option<char>, &str) {
    let is_escaped = |next: &str| next.starts_with(|mark: char| mark.is_ascii_punctuation());
    let escaped = marked.strip_prefix('\\').filter(|next| is_escaped(next));
    let mut characters = escaped.unwrap_or(marked).chars();
    (characters.next(), characters.as_str())
}

/// The pieces of the mark-up at the start, and what comes behind it.
fn span(marked: &str, style: Style) -> Option<(Text, &str)> {
    if let Some((code, after)) = code(marked) {
        return Some((vec![Piece::new(Style::Code, code)], after));
    }
    if let Some(inner) = marked.strip_prefix("**") {
        let (words, after) = until(inner, "**")?;
        return Some((styled(words, Style::Strong), after));
    }
    if let Some(inner) = marked.strip_prefix('*') {
        let (words, after) = until(inner, "*")?;
        return Some((styled(words, style), after));
    }
    if let Some(inner) = marked.strip_prefix('[') {
        let (words, after) = until(inner, "]")?;
        let (link, after) = after.strip_prefix('(')?.split_once(')')?;
        let mut words = styled(words, style);
        lead(&mut words, link);
        return Some((words, after));
    }
    let (address, after) = marked.strip_prefix('<')?.split_once('>')?;
    let is_address = address.contains("://") && !address.contains(' ');
    is_address.then(|| (vec![Piece::new(style, address)], after))
}

/// Code lies between equal numbers of backquotes, with a blank inside where it has backquotes at its ends.
fn code(marked: &str) -> Option<(&str, &str)> {
    let (fence, inner) = marked.split_at_checked(backquotes(marked))?;
    let mut rest = inner;
    loop {
        let (_, closing) = rest.split_at_checked(rest.find('`')?)?;
        let (marks, after) = closing.split_at_checked(backquotes(closing))?;
        rest = after;
        if marks == fence {
            let code = inner.strip_suffix(after)?.strip_suffix(fence)?;
            let bare = code
                .strip_prefix(' ')
                .and_then(|code| code.strip_suffix(' '));
            let bare = bare.filter(|code| !code.trim().is_empty());
            return Some((bare.unwrap_or(code), after));
        }
    }
}

pub(super) fn backquotes(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// The text up to a mark that lies in no code.
fn until<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let mut rest = text;
    loop {
        let at = rest.find(['`', '\\']).unwrap_or(rest.len());
        let (plain, marked) = rest.split_at_checked(at)?;
        if let Some(found) = plain.find(mark) {
            let (words, after) = text.split_at_checked(text.len() - rest.len() + found)?;
            return Some((words, after.strip_prefix(mark)?));
        }
        rest = match code(marked) {
            Some((_, after)) => after,
            None => {
                let (character, after) = literal(marked);
                character?;
                after
            }
        };
    }
}

/// Tells where a link leads, for a reader who cannot follow it: an address, or the command that shows a page of the
/// guide. The command takes the place of words that are the name of the page.
pub(super) fn lead(words: &mut Text, link: &str) {
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
