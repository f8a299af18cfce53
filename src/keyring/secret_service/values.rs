//! Values as D-Bus marshals them, each at a multiple of its size. Ours are little-endian.

use crate::limits::BUS_ITEMS;

/// Writes values one after the other.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }

    pub(super) fn word(&mut self, word: u32) -> &mut Self {
        self.align(4).0.extend(word.to_le_bytes());
        self
    }

    pub(super) fn truth(&mut self, truth: bool) -> &mut Self {
        self.word(truth.into())
    }

    /// A text, or the path of an object.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.word(length(text.len())).0.extend(text.bytes());
        self.byte(0)
    }

    pub(super) fn signature(&mut self, signature: &str) -> &mut Self {
        self.byte(length(signature.len()).to_le_bytes()[0]);
        self.0.extend(signature.bytes());
        self.byte(0)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.word(length(bytes.len())).0.extend(bytes);
        self
    }

    /// A list whose items start at multiples of `alignment`.
    pub(super) fn list(&mut self, alignment: usize, fill: impl FnOnce(&mut Self)) -> &mut Self {
        // No value takes more than eight, so items are laid out alike behind any multiple of theirs.
        let mut items = Self::default();
        fill(&mut items);
        self.word(length(items.0.len()));
        self.align(alignment).0.extend(items.0);
        self
    }

    /// Names with texts, `a{ss}`.
    pub(super) fn texts(&mut self, texts: &[(&str, &str)]) -> &mut Self {
        self.list(8, |items| {
            for (name, text) in texts {
                items.align(8).text(name).text(text);
            }
        })
    }

    pub(super) fn align(&mut self, alignment: usize) -> &mut Self {
        let aligned = self.0.len().next_multiple_of(alignment);
        self.0.resize(aligned, 0);
        self
    }

    pub(super) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend(bytes);
        self
    }

    pub(super) fn size(&self) -> u32 {
        length(self.0.len())
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

// The bus refuses messages of 128 MiB.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Reads values one after the other; `None` where there is no such value.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    all: &'a [u8],
    at: usize,
    order: Order,
}

/// The order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl<'a> Reader<'a> {
    pub(super) fn new(all: &'a [u8], order: Order) -> Self {
        Self { all, at: 0, order }
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn word(&mut self) -> Option<u32> {
        self.align(4)?;
        let bytes = self.take(4)?.try_into().ok()?;
        Some(match self.order {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        })
    }

    pub(super) fn truth(&mut self) -> Option<bool> {
        match self.word()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// A text, or the path of an object.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        let length = self.word()? as usize;
        self.ended(length)
    }

    pub(super) fn signature(&mut self) -> Option<&'a str> {
        let length = self.byte()?.into();
        self.ended(length)
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.word()? as usize;
        self.take(length)
    }

    /// The items of a list, which start at multiples of `alignment`.
    pub(super) fn list<T>(
        &mut self,
        alignment: usize,
        mut item: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let length = self.word()? as usize;
        self.align(alignment)?;
        let start = self.at;
        self.take(length)?;
        let mut items = Self {
            all: self.all.get(..self.at)?,
            at: start,
            ..*self
        };
        let mut read = Vec::new();
        while items.at < items.all.len() {
            if read.len() == BUS_ITEMS {
                return None;
            }
            items.align(alignment)?;
            read.push(item(&mut items)?);
        }
        Some(read)
    }

    pub(super) fn align(&mut self, alignment: usize) -> Option<()> {
        self.take(self.at.next_multiple_of(alignment) - self.at)
            .map(drop)
    }

    fn ended(&mut self, length: usize) -> Option<&'a str> {
        let text = self.take(length)?;
        (self.byte()? == 0).then_some(())?;
        std::str::from_utf8(text).ok()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.all.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }
}
