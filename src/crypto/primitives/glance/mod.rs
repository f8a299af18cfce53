//! A glance at a record's JSON, which a list takes at thousands of them.

/// The title and the type as they are written, with quotes and escapes; empty if there is none.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Glance<'a> {
    pub title: &'a str,
    /// The type.
    pub kind: &'a str,
}

/// Deeper JSON is unusual.
const DEPTH: usize = 32;
/// Longer numbers are unusual, since a double may not hold them.
const DIGITS: usize = 100;

/// Returns `None` for what is no JSON, and for what needs a closer look: a member that is not of its usual type, a number
/// with an exponent, half of a UTF-16 pair, or a name with an escape.
#[inline(never)]
pub fn at_record(json: &str) -> Option<Glance<'_>> {
    let mut glance = Glance::default();
    let mut reader = Reader {
        json,
        bytes: json.as_bytes(),
        at: 0,
    };
    reader.object(|reader, name| {
        match name {
            "title" => glance.title = reader.text()?.json,
            "type" => glance.kind = reader.text()?.json,
            "fields" | "custom" if reader.next()? == b'[' => reader.list(Reader::field)?,
            "notes" if reader.next()? == b'"' => reader.value(DEPTH)?,
            "fields" | "custom" | "notes" => reader.word("null")?,
            _ => reader.value(DEPTH)?,
        }
        Some(())
    })?;
    reader.next().is_none().then_some(glance)
}

struct Reader<'a> {
    json: &'a str,
    bytes: &'a [u8],
    at: usize,
}

struct Text<'a> {
    /// With its quotes.
    json: &'a str,
    has_escape: bool,
}

// The compiler leaves functions of this size alone, and a call for each byte of punctuation is a quarter of the time.
impl<'a> Reader<'a> {
    /// The next byte that is no white space.
    #[inline(always)]
    fn next(&mut self) -> Option<u8> {
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
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.next()?;
        let rest = self.bytes.get(self.at..)?;
        rest.starts_with(word.as_bytes())
            .then(|| self.at += word.len())
    }

    fn field(&mut self) -> Option<()> {
        self.object(|reader, _| reader.value(DEPTH))
    }

    fn object(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        if self.next()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            let name = self.text()?;
            let quoted = name.json.strip_prefix('"')?.strip_suffix('"')?;
            // Names that begin with `$` mean something to readers.
            if name.has_escape || quoted.starts_with('$') {
                return None;
            }
            self.take(b':')?;
            member(self, quoted)?;
            if self.ends(b'}')? {
                return Some(());
            }
        }
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(b'[')?;
        if self.next()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            item(self)?;
            if self.ends(b']')? {
                return Some(());
            }
        }
    }

    /// Whether `end` comes, and not a comma.
    #[inline(always)]
    fn ends(&mut self, end: u8) -> Option<bool> {
        let byte = self.next()?;
        self.at += 1;
        match byte {
            b',' => Some(false),
            byte => (byte == end).then_some(true),
        }
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match self.next()? {
            b'"' => self.text().map(|_| ()),
            b'{' => self.object(|reader, _| reader.value(depth)),
            b'[' => self.list(|reader| reader.value(depth)),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Option<()> {
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
    fn text(&mut self) -> Option<Text<'a>> {
        self.take(b'"')?;
        let start = self.at - 1;
        let mut has_escape = false;
        loop {
            self.at += plain(self.bytes.get(self.at..)?);
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => {
                    has_escape = true;
                    self.escape()?;
                }
                _ => return None,
            }
        }
        Some(Text {
            json: self.json.get(start..self.at)?,
            has_escape,
        })
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

/// The number of bytes before a quote, a backslash or a control character.
#[inline(always)]
fn plain(text: &[u8]) -> usize {
    const EACH: u64 = u64::MAX / 255;
    // Sets the highest bit of the first byte below `limit`, and perhaps of bytes after it.
    let below = |word: u64, limit: u64| word.wrapping_sub(EACH * limit) & !word;
    let (words, _) = text.as_chunks::<8>();
    let mut count = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let is = |byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
        let special = (is(b'"') | is(b'\\') | below(word, u64::from(b' '))) & (EACH << 7);
        if special != 0 {
            return count + special.trailing_zeros() as usize / 8;
        }
        count += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    let rest = text.get(count..).unwrap_or_default();
    count + rest.iter().position(is_special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests;
