//! JSON as others wrote it ([`read`]), and as the official clients write it, byte for byte: Python's separators, numbers
//! and ASCII escapes. A number keeps all its digits where Python would lose some.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

mod read;
mod size;

pub(crate) use read::Exact;
#[cfg(feature = "dev-vault")]
pub(crate) use read::object_of;
pub use read::{members, object, value};
pub(crate) use size::{pretty_size, size};

/// One line: `{"a": [1, 2], "b": "\u00e9"}`.
pub fn line(value: &impl Serialize) -> String {
    ascii(value, Python::default())
}

/// One line without blanks: `{"a":[1,2],"b":"\u00e9"}`.
pub fn compact(value: &impl Serialize) -> String {
    let is_compact = true;
    ascii(
        value,
        Python {
            is_compact,
            ..Python::default()
        },
    )
}

/// Indented by four spaces a level, without a newline at the end.
pub fn pretty(value: &impl Serialize) -> String {
    indented(value, 4)
}

/// Indented by so many spaces a level, without a newline at the end.
pub fn indented(value: &impl Serialize, indent: usize) -> String {
    let indent = Some(indent);
    ascii(
        value,
        Python {
            indent,
            ..Python::default()
        },
    )
}

/// One line of YAML, with escapes and powers of ten that YAML 1.1 and 1.2 read alike.
pub(crate) fn yaml(value: &impl Serialize) -> String {
    let dialect = Dialect::Yaml;
    ascii(
        value,
        Python {
            dialect,
            ..Python::default()
        },
    )
}

fn ascii(value: &impl Serialize, formatter: Python) -> String {
    // Takes a configuration whole, so that no reallocation leaves a copy of its keys behind.
    let mut bytes = Vec::with_capacity(2048);
    let mut serializer = Serializer::with_formatter(&mut bytes, formatter);
    #[expect(
        clippy::expect_used,
        reason = "writing to memory succeeds, and keys of ours are strings"
    )]
    value
        .serialize(&mut serializer)
        .expect("a value that is JSON");
    #[expect(
        clippy::expect_used,
        reason = "the formatter escapes all that is not ASCII"
    )]
    String::from_utf8(bytes).expect("ASCII")
}

/// The shortest digits of a decimal and its power of ten, if it has one, as Python and Rust print it. `None` for whole
/// numbers, and for decimals that no double holds as they are written.
fn decimal(written: &str) -> Option<(String, Option<i32>)> {
    if !written.contains(['.', 'e', 'E']) {
        return None;
    }
    let shortest = format!("{:?}", written.parse::<f64>().ok()?);
    if significant(&shortest)? != significant(written)? {
        return None;
    }
    Some(match shortest.split_once('e') {
        None => (shortest, None),
        Some((digits, power)) => (digits.to_owned(), Some(power.parse().ok()?)),
    })
}

/// `None` where one of them is no number, or is too large to tell.
pub(crate) fn compare_numbers(left: &str, right: &str) -> Option<Ordering> {
    let parts = |number: &str| {
        let (digits, power) = significant(number)?;
        let magnitude = power.checked_add(digits.len() as i64)?;
        let is_negative = number.starts_with('-');
        Some((digits.is_empty(), is_negative, magnitude, digits))
    };
    let (left, right) = (parts(left)?, parts(right)?);
    let sign = |(is_zero, is_negative, ..): &(bool, bool, i64, String)| match (is_zero, is_negative)
    {
        (true, _) => 0,
        (false, true) => -1,
        (false, false) => 1,
    };
    let by_size = || (left.2, &left.3).cmp(&(right.2, &right.3));
    Some(
        sign(&left)
            .cmp(&sign(&right))
            .then_with(|| match sign(&left) {
                -1 => by_size().reverse(),
                _ => by_size(),
            }),
    )
}

/// Digits without zeros at their ends, and the power of ten of the last one.
fn significant(number: &str) -> Option<(String, i64)> {
    let (digits, power) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{}{fraction}", whole.trim_start_matches('-'));
    let ends = all.trim_end_matches('0');
    let zeros = all.len() - ends.len();
    let digits = ends.trim_start_matches('0').to_owned();
    let power = power.parse::<i64>().ok()?;
    let power = power.checked_add(zeros as i64 - fraction.len() as i64)?;
    Some(if digits.is_empty() {
        (digits, 0)
    } else {
        (digits, power)
    })
}

/// `\u00e9`; beyond the first plane, two of them (UTF-16).
pub(crate) fn escape(c: char, into: &mut String) {
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
struct Python {
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

#[cfg(test)]
mod tests;
