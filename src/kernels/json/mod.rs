//! Reads JSON as it is usually written, and leaves the rest to a reader with more patience. Every method returns `None` for
//! what is no JSON, and for what needs a closer look: a number with an exponent, half of a UTF-16 pair, a name with an
//! escape, or more levels than usual.

pub mod glance;
mod scan;
mod steps;

/// Deeper JSON is unusual.
const DEPTH: usize = 32;

/// A place in a text of JSON.
pub struct Reader<'a> {
    json: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// A text as it is written.
pub enum Text<'a> {
    /// Stands for itself.
    Bare(&'a str),
    /// With its quotes, as a JSON text.
    Escaped(&'a str),
}

impl Default for Text<'_> {
    fn default() -> Self {
        Self::Bare("")
    }
}

/// For a caller that is compiled for size: most of these are calls.
impl<'a> Reader<'a> {
    pub fn new(json: &'a str) -> Self {
        let bytes = json.as_bytes();
        Self { json, bytes, at: 0 }
    }

    /// In bytes.
    pub fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// Whether only white space is left.
    pub fn is_done(&mut self) -> bool {
        self.next().is_none()
    }

    /// The name of the next member of an object, with its colon; `Some(None)` at the object's end.
    #[inline(never)]
    pub fn member(&mut self, is_first: bool) -> Option<Option<&'a str>> {
        match self.follows(is_first, [b'{', b'}'])? {
            true => self.name().map(Some),
            false => Some(None),
        }
    }

    /// Whether another item of a list follows.
    #[inline(never)]
    pub fn item(&mut self, is_first: bool) -> Option<bool> {
        self.follows(is_first, [b'[', b']'])
    }

    #[inline(never)]
    pub fn string(&mut self) -> Option<Text<'a>> {
        self.text()
    }

    /// A number of at most eighteen digits. A negative zero is no integer to other readers.
    #[inline(never)]
    pub fn integer(&mut self) -> Option<i64> {
        self.next()?;
        let start = self.at;
        self.number()?;
        let digits = self.json.get(start..self.at)?;
        (digits.len() < 19 && digits != "-0").then(|| digits.parse().ok())?
    }

    #[inline(never)]
    pub fn boolean(&mut self) -> Option<bool> {
        let is_true = self.next()? == b't';
        self.word(if is_true { "true" } else { "false" })?;
        Some(is_true)
    }

    /// Takes `null`, if it comes.
    #[inline]
    pub fn is_null(&mut self) -> Option<bool> {
        let is_null = self.next()? == b'n';
        if is_null {
            self.word("null")?;
        }
        Some(is_null)
    }

    #[inline(never)]
    pub fn skip(&mut self) -> Option<()> {
        self.value(DEPTH)
    }
}

#[cfg(test)]
mod tests;
