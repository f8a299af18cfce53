//! The official form: blanks, escapes and powers of ten as Python writes them.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::ser::Formatter;

use super::number::decimal;

/// `\u00e9`; beyond the first plane, two of them (UTF-16).
pub(super) fn escape(c: char, into: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a String succeeds.
        let _ = write!(into, "\\u{unit:04x}");
    }
}

/// `\u00e9` or `\U0001F511`, for the double quotes of YAML.
pub(crate) fn escape_yaml(c: char, into: &mut String) {
    // Writing to a String succeeds.
    let _ = match c {
        '\0'..='\u{ffff}' => write!(into, "\\u{:04x}", u32::from(c)),
        _ => write!(into, "\\U{:08X}", u32::from(c)),
    };
}

#[derive(Default)]
pub(super) struct Python {
    dialect: Dialect,
    /// Spaces a level; none for one line.
    indent: Option<usize>,
    /// No blank follows a comma or colon.
    is_compact: bool,
    depth: usize,
    /// The list or object that was closed last, or that is open, has items.
    has_items: bool,
}

#[derive(Default, Clone, Copy)]
enum Dialect {
    #[default]
    Json,
    Yaml,
}

impl Dialect {
    fn escape(self, c: char, into: &mut String) {
        match self {
            Self::Json => escape(c, into),
            Self::Yaml => escape_yaml(c, into),
        }
    }

    fn power(self, digits: &str, power: i32, writer: &mut (impl Write + ?Sized)) -> io::Result<()> {
        match self {
            // Rust writes 1e-5 where Python writes 1e-05.
            Self::Json => write!(writer, "{digits}e{power:+03}"),
            // YAML 1.1 reads 1e300 as text: it wants the point and the sign.
            Self::Yaml if digits.contains('.') => write!(writer, "{digits}e{power:+}"),
            Self::Yaml => write!(writer, "{digits}.0e{power:+}"),
        }
    }
}

impl Python {
    pub(super) fn compact() -> Self {
        Self {
            is_compact: true,
            ..Self::default()
        }
    }

    pub(super) fn indented(indent: usize) -> Self {
        Self {
            indent: Some(indent),
            ..Self::default()
        }
    }

    pub(super) fn in_yaml() -> Self {
        Self {
            dialect: Dialect::Yaml,
            ..Self::default()
        }
    }

    fn open(&mut self, writer: &mut (impl Write + ?Sized), bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_items = false;
        writer.write_all(bracket)
    }

    fn item(&mut self, writer: &mut (impl Write + ?Sized), first: bool) -> io::Result<()> {
        writer.write_all(match (first, self.indent, self.is_compact) {
            (true, _, _) => b"",
            (false, None, false) => b", ",
            (false, _, _) => b",",
        })?;
        self.newline(writer)
    }

    fn close(&mut self, writer: &mut (impl Write + ?Sized), bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_items {
            self.newline(writer)?;
        }
        self.has_items = true;
        writer.write_all(bracket)
    }

    fn newline(&self, writer: &mut (impl Write + ?Sized)) -> io::Result<()> {
        match self.indent {
            None => Ok(()),
            Some(indent) => write!(writer, "\n{:1$}", "", self.depth * indent),
        }
    }
}

impl Formatter for Python {
    fn write_number_str<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        written: &str,
    ) -> io::Result<()> {
        match decimal(written) {
            None => writer.write_all(written.as_bytes()),
            Some((digits, None)) => writer.write_all(digits.as_bytes()),
            Some((digits, Some(power))) => self.dialect.power(&digits, power, writer),
        }
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        let mut escaped = String::new();
        while let Some(at) = rest.find(|c| !matches!(c, ' '..='~')) {
            let (plain, others) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut others = others.chars();
            if let Some(c) = others.next() {
                escaped.clear();
                self.dialect.escape(c, &mut escaped);
                writer.write_all(escaped.as_bytes())?;
            }
            rest = others.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.item(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_items = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.item(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.is_compact { b":" } else { b": " })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_items = true;
        Ok(())
    }
}
