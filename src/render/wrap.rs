//! Breaks text into lines as Python's `textwrap` does, on which the official tables rely.

use std::collections::VecDeque;

use super::width::{fitting, of_characters as columns};

const TAB: usize = 8;

/// The lines of `text`, each of at most `width` columns: broken at blanks, after hyphens, and inside words that are
/// too long for a line. All white space counts as blanks; those at a break are dropped, and blank text has no line.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let text = blanks(text);
    let mut pending = chunks(&text);
    let mut lines = Vec::new();
    while let Some(chunk) = pending.front() {
        if !lines.is_empty() && is_blank(chunk) {
            pending.pop_front();
        }
        let mut line: Vec<char> = Vec::new();
        let mut used = 0;
        while let Some(chunk) = pending.pop_front_if(|chunk| used + columns(chunk) <= width) {
            line.extend_from_slice(chunk);
            used += columns(chunk);
        }
        if let Some(chunk) = pending.front_mut()
            && columns(chunk) > width
        {
            // A wide character alone may be wider than a line.
            let least = usize::from(line.is_empty());
            let space = fitting(chunk, width - used).max(least);
            let (fits, rest) = chunk.split_at(break_in(chunk, space));
            line.extend_from_slice(fits);
            *chunk = rest;
        }
        let end = line
            .iter()
            .rposition(|&c| c != ' ')
            .map_or(0, |last| last + 1);
        line.truncate(end);
        if !line.is_empty() {
            lines.push(line.into_iter().collect());
        }
    }
    lines
}

/// Replaces each white space by one blank, and tabs by the blanks up to their stop.
fn blanks(text: &str) -> Vec<char> {
    let mut characters = Vec::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let blanks = TAB - column % TAB;
                characters.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            '\n' => {
                characters.push(' ');
                column = 0;
            }
            c => {
                characters.push(c);
                column += 1;
            }
        }
    }
    characters
}

/// The place to break a word that no line can hold: after the last hyphen that fits, else where the space ends;
/// never inside a color sequence.
fn break_in(word: &[char], space: usize) -> usize {
    let fits = word.get(..space).unwrap_or(word);
    if let Some(hyphen) = fits.iter().rposition(|&c| c == '-')
        && fits.iter().take(hyphen).any(|&c| c != '-')
    {
        return hyphen + 1;
    }
    let escape = fits
        .iter()
        .rposition(|&c| c == '\x1b')
        .filter(|&start| start + SEQUENCE > space);
    match escape {
        Some(0) => SEQUENCE,
        Some(start) => start,
        None => space,
    }
}

/// The length of `ESC [ 3 1 m`.
const SEQUENCE: usize = 5;

fn is_blank(chunk: &[char]) -> bool {
    chunk.iter().all(|&c| c == ' ')
}

/// The pieces between which a line may end: runs of blanks, words, the parts of hyphenated words, dashes.
fn chunks(text: &[char]) -> VecDeque<&[char]> {
    let mut chunks = VecDeque::new();
    let mut start = 0;
    while start < text.len() {
        let end = chunk_end(text, start);
        chunks.extend(text.get(start..end));
        start = end;
    }
    chunks
}

fn chunk_end(text: &[char], start: usize) -> usize {
    let at = |index: usize| text.get(index).copied();
    if at(start) == Some(' ') {
        return run(text, start, ' ');
    }
    if start > 0 && at(start - 1).is_some_and(ends_before_dashes) && begins_dashes(text, start) {
        return run(text, start, '-');
    }
    let mut end = start + 1;
    loop {
        match at(end) {
            None | Some(' ') => return end,
            Some('-') if hyphenates(text, end) => return end + 1,
            Some('-')
                if at(end - 1).is_some_and(ends_before_dashes) && begins_dashes(text, end) =>
            {
                return end;
            }
            Some(_) => end += 1,
        }
    }
}

/// The end of the run of `c` that begins at `start`.
fn run(text: &[char], start: usize, c: char) -> usize {
    start
        + text
            .iter()
            .skip(start)
            .take_while(|&&other| other == c)
            .count()
}

/// Whether at least two hyphens begin at `start`, with a word after them.
fn begins_dashes(text: &[char], start: usize) -> bool {
    let end = run(text, start, '-');
    end - start >= 2 && text.get(end).is_some_and(|&c| in_word(c))
}

/// Whether a line may end after this hyphen: it needs two letters on either side, and a hyphen may stand
/// between the two of a side.
fn hyphenates(text: &[char], hyphen: usize) -> bool {
    let back = |n: usize| {
        hyphen
            .checked_sub(n)
            .and_then(|index| text.get(index))
            .copied()
    };
    let ahead = |n: usize| text.get(hyphen + n).copied();
    let letter = |c: Option<char>| c.is_some_and(is_letter);
    let before = letter(back(1)) && (letter(back(2)) || back(2) == Some('-') && letter(back(3)));
    let after = letter(ahead(1)) && (letter(ahead(2)) || ahead(2) == Some('-') && letter(ahead(3)));
    before && after
}

/// The end of a word, or a mark that may close one.
fn ends_before_dashes(c: char) -> bool {
    in_word(c) || matches!(c, '!' | '"' | '\'' | '&' | '.' | ',' | '?')
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::wrap;

    /// Python's `textwrap.wrap` printed the expected lines, joined by `|` here.
    #[test]
    fn lines_break_where_python_breaks_them() {
        let table = "
            5  =>
            5     =>
            20 one two => one two
            7 one two three => one two|three
            8   indented text here => indented|text|here
            4 one   two => one|two
            30 tab\there\tand => tab     here    and
            40 line¶break¶again => line break again
            10 well-known state-of-the-art things => well-known|state-of-|the-art|things
            14 well-known state-of-the-art things => well-known|state-of-the-|art things
            6 a--b c--d word--another => a--b c|--d|word--|anothe|r
            6 word -- dash => word|--|dash
            4 x-1 ab-12 ab-cd => x-1|ab-|12|ab-|cd
            7 supercalifragilistic => superca|lifragi|listic
            16 https://my-host.example.com/some-path/x => https://my-host.|example.com/some|-path/x
            4 aa-----bb => aa--|---|bb
            12 -----BEGIN OPENSSH PRIVATE KEY----- => -----BEGIN|OPENSSH|PRIVATE|KEY-----
            20 [{\"question\": \"****\", \"answer\": \"****\"}] => [{\"question\":|\"****\", \"answer\":|\"****\"}]
            8 Ünï-cödé wörd-spiel => Ünï-cödé|wörd-|spiel
            3 ab cdefghij => ab|cde|fgh|ij
            4 abc defghijklm => abc|defg|hijk|lm
            4 ééééééééé => éééé|éééé|é
            4 a-b-c d-e-ff => a-b-|c|d-e-|ff
            8 e-mail-address@host => e-mail-a|ddress@h|ost
            8 it's-a \"quoted-text\" now => it's-a|\"quoted-|text\"|now
            3 ab 12345678901 => ab|123|456|789|01
            2 ---- => --|--
            7 --flag-name value => --flag-|name|value
            2 x\u{a0}y z => x\u{a0}|y|z
        ";
        for line in table.trim().lines() {
            let (width, case) = line.trim_start().split_once(' ').unwrap();
            let (text, expected) = case.split_once(" =>").unwrap();
            let broken = wrap(&text.replace('¶', "\n"), width.parse().unwrap());
            assert_eq!(broken.join("|"), expected.trim_start(), "{line}");
        }
    }

    #[test]
    fn color_sequences_stay_whole() {
        let mark = "\x1b[31m****\x1b[33m";
        for (width, expected) in [
            (1, "\x1b[31m|*|*|*|*|\x1b[33m"),
            (7, "\x1b[31m**|**\x1b[33m"),
            (12, "\x1b[31m****|\x1b[33m"),
        ] {
            assert_eq!(wrap(mark, width).join("|"), expected, "{width}");
        }
    }
}
