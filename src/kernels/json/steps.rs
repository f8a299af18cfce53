//! What a reader takes at a time: a bracket, a name, a text, a number, a value.

use std::ops::Range;

use super::scan::plain;
use super::{Reader, Text};

/// Longer numbers are unusual, since a double may not hold them.
pub(super) const DIGITS: usize = 100;

// The compiler does not inline functions of this size, and a call for each byte of punctuation is a quarter of the time.
impl<'a> Reader<'a> {
    #[inline(always)]
    pub(super) fn follows(&mut self, is_first: bool, brackets: [u8; 2]) -> Option<bool> {
        let is_over = match is_first {
            true => self.is_empty(brackets)?,
            false => self.ends(brackets[1])?,
        };
        Some(!is_over)
    }

    /// The next byte that is no white space.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        if byte > b' ' {
            return Some(byte);
        }
        self.after_blanks()
    }

    #[inline(never)]
    fn after_blanks(&mut self) -> Option<u8> {
        let rest = self.bytes.get(self.at..)?;
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        let blanks = rest.iter().take_while(|byte| is_blank(byte)).count();
        self.at += blanks;
        self.bytes.get(self.at).copied()
    }

    #[inline(always)]
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        self.next()?;
        let rest = self.bytes.get(self.at..)?;
        rest.starts_with(word.as_bytes())
            .then(|| self.at += word.len())
    }

    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &'a str) -> Option<()>,
    ) -> Option<()> {
        self.each([b'{', b'}'], |reader| {
            let name = reader.name()?;
            member(reader, name)
        })
    }

    /// An object whose names do not matter.
    pub(super) fn members(&mut self, mut value: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.each([b'{', b'}'], |reader| {
            reader.name_span()?;
            value(reader)
        })
    }

    pub(super) fn list(&mut self, item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.each([b'[', b']'], item)
    }

    #[inline(always)]
    fn each(
        &mut self,
        brackets: [u8; 2],
        mut take: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        if self.is_empty(brackets)? {
            return Some(());
        }
        loop {
            take(self)?;
            if self.ends(brackets[1])? {
                return Some(());
            }
        }
    }

    /// Takes the first bracket, and the second where it follows.
    #[inline(always)]
    fn is_empty(&mut self, [open, close]: [u8; 2]) -> Option<bool> {
        self.take(open)?;
        let is_empty = self.next()? == close;
        self.at += usize::from(is_empty);
        Some(is_empty)
    }

    /// The name of a member, with its colon.
    #[inline(always)]
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let span = self.name_span()?;
        self.json.get(span)
    }

    /// Where the name lies, which has no escape.
    #[inline(always)]
    fn name_span(&mut self) -> Option<Range<usize>> {
        let (span, has_escape) = self.span()?;
        // Names that begin with `$` mean something to readers.
        if has_escape || self.bytes.get(span.start) == Some(&b'$') {
            return None;
        }
        self.take(b':')?;
        Some(span)
    }

    /// Whether `end` comes, and not a comma.
    #[inline(always)]
    pub(super) fn ends(&mut self, end: u8) -> Option<bool> {
        let byte = self.next()?;
        self.at += 1;
        match byte {
            b',' => Some(false),
            byte => (byte == end).then_some(true),
        }
    }

    pub(super) fn value(&mut self, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match self.next()? {
            b'"' => self.span().map(|_| ()),
            b'{' => self.members(|reader| reader.value(depth)),
            b'[' => self.list(|reader| reader.value(depth)),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    pub(super) fn number(&mut self) -> Option<()> {
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        let whole = self.at;
        let digits = self.digits()?;
        if digits > 1 && self.bytes.get(whole) == Some(&b'0') {
            return None;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        let has_exponent = matches!(self.bytes.get(self.at), Some(b'e' | b'E'));
        (!has_exponent && self.at - start <= DIGITS).then_some(())
    }

    /// Their number, which is not zero.
    fn digits(&mut self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(digits)
    }

    #[inline(always)]
    pub(super) fn text(&mut self) -> Option<Text<'a>> {
        let (span, has_escape) = self.span()?;
        match has_escape {
            false => self.json.get(span).map(Text::Bare),
            true => {
                let quoted = self.json.get(span.start - 1..span.end + 1);
                quoted.map(Text::Escaped)
            }
        }
    }

    /// Takes a text. Returns where it lies between its quotes, and whether it has an escape.
    #[inline(always)]
    fn span(&mut self) -> Option<(Range<usize>, bool)> {
        self.take(b'"')?;
        let start = self.at;
        self.at += plain(self.bytes.get(start..)?);
        let has_escape = *self.bytes.get(self.at)? != b'"';
        if has_escape {
            self.escaped()?;
        }
        let end = self.at;
        self.at += 1;
        Some((start..end, has_escape))
    }

    /// Goes from an escape to the quote at the end.
    #[inline(never)]
    fn escaped(&mut self) -> Option<()> {
        loop {
            match *self.bytes.get(self.at)? {
                b'"' => return Some(()),
                b'\\' => {
                    self.at += 1;
                    self.escape()?;
                }
                _ => return None,
            }
            self.at += plain(self.bytes.get(self.at..)?);
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Option<()> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let unit = self.bytes.get(self.at..self.at + 4)?;
                self.at += 4;
                // Halves of pairs begin so.
                let is_half = matches!(
                    unit,
                    [b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..]
                );
                let is_hex = unit.iter().all(u8::is_ascii_hexdigit);
                (is_hex && !is_half).then_some(())
            }
            _ => None,
        }
    }
}
