//! JSON as the official clients write it, byte for byte: Python's separators, numbers and ASCII escapes. A number keeps all
//! its digits where Python would lose some.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// One line: `{"a": [1, 2], "b": "\u00e9"}`.
pub fn line(value: &impl Serialize) -> String {
    write(value, Layout::Line)
}

/// Indented by four spaces a level, without a newline at the end.
pub fn pretty(value: &impl Serialize) -> String {
    write(value, Layout::Indented)
}

fn write(value: &impl Serialize, layout: Layout) -> String {
    ascii(
        value,
        Python {
            layout,
            depth: 0,
            empty: true,
        },
    )
}

/// `formatter` escapes with [`write_ascii`].
pub(crate) fn ascii(value: &impl Serialize, formatter: impl Formatter) -> String {
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

/// Passes all characters but printable ASCII to `escape`.
pub(crate) fn write_ascii<W: ?Sized + Write>(
    writer: &mut W,
    text: &str,
    escape: impl Fn(char, &mut String),
) -> io::Result<()> {
    let mut rest = text;
    let mut escaped = String::new();
    while let Some(at) = rest.find(|c| !matches!(c, ' '..='~')) {
        let (plain, others) = rest.split_at(at);
        writer.write_all(plain.as_bytes())?;
        let mut others = others.chars();
        if let Some(c) = others.next() {
            escaped.clear();
            escape(c, &mut escaped);
            writer.write_all(escaped.as_bytes())?;
        }
        rest = others.as_str();
    }
    writer.write_all(rest.as_bytes())
}

/// `\u00e9`; beyond the first plane, two of them (UTF-16).
pub(crate) fn escape(c: char, into: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a String succeeds.
        let _ = write!(into, "\\u{unit:04x}");
    }
}

/// The shortest digits of a decimal and its power of ten, if it has one, as Python and Rust print it. `None` for whole
/// numbers, and for decimals that no double holds as they are written.
pub(crate) fn decimal(written: &str) -> Option<(String, Option<i32>)> {
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

struct Python {
    layout: Layout,
    depth: usize,
    /// The list or object that was opened last has no items so far.
    empty: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    Line,
    Indented,
}

impl Python {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        writer.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(match (first, self.layout) {
            (true, _) => b"",
            (false, Layout::Line) => b", ",
            (false, Layout::Indented) => b",",
        })?;
        self.newline(writer)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if !std::mem::take(&mut self.empty) {
            self.newline(writer)?;
        }
        writer.write_all(bracket)
    }

    fn newline<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        match self.layout {
            Layout::Line => Ok(()),
            Layout::Indented => write!(writer, "\n{:1$}", "", self.depth * 4),
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
            // Rust writes 1e-5 where Python writes 1e-05.
            Some((digits, power)) => match power {
                None => writer.write_all(digits.as_bytes()),
                Some(power) => write!(writer, "{digits}e{power:+03}"),
            },
        }
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_ascii(writer, fragment, escape)
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
        self.empty = false;
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
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.empty = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_str};

    use super::{line, pretty};

    /// Each pair was printed by Python's `json.dumps`.
    #[test]
    fn one_line_is_what_python_writes() {
        for (json, expected) in [
            (
                r#"{"b":1,"a":[true,false,null,{}],"c":[]}"#,
                r#"{"b": 1, "a": [true, false, null, {}], "c": []}"#,
            ),
            (
                r#"["é\u007f","🔑","a\"b\\c/d"]"#,
                r#"["\u00e9\u007f", "\ud83d\udd11", "a\"b\\c/d"]"#,
            ),
            (
                r#""\n\r\t\b\f\u0000\u001f\u2028""#,
                r#""\n\r\t\b\f\u0000\u001f\u2028""#,
            ),
            (r#"{"ключ":"x"}"#, r#"{"\u043a\u043b\u044e\u0447": "x"}"#),
            (
                "[0, -1, 18446744073709551615, 1700000000000]",
                "[0, -1, 18446744073709551615, 1700000000000]",
            ),
            (
                "[1.0, -0.0, 0.1, 1e5, 1e15, 1e16, 1.5e300]",
                "[1.0, -0.0, 0.1, 100000.0, 1000000000000000.0, 1e+16, 1.5e+300]",
            ),
            ("[0.0001, 0.00001, 1.25e-10]", "[0.0001, 1e-05, 1.25e-10]"),
            ("[1.50, 10.0e1, 0.000, 1E-7]", "[1.5, 100.0, 0.0, 1e-07]"),
            (r#""""#, r#""""#),
        ] {
            assert_eq!(line(&from_str::<Value>(json).unwrap()), expected, "{json}");
        }
    }

    #[test]
    fn digits_that_python_loses_stay() {
        for number in [
            "98765432109876543210987",
            "-340282366920938463463374607431768211456",
            "0.1234567890123456789",
            "18446744073709551616.5",
            "1e-400",
            "-0",
        ] {
            let value = from_str::<Value>(number).unwrap();
            assert_eq!(line(&value), number);
        }
    }

    #[test]
    fn indented_is_what_python_writes() {
        for (json, expected) in [
            ("[]", "[]"),
            ("{}", "{}"),
            ("null", "null"),
            (
                r#"{"a":[1,[],{}],"é":{"b":[[2]]}}"#,
                "{\n    \"a\": [\n        1,\n        [],\n        {}\n    ],\n    \"\\u00e9\": {\n        \"b\": [\n            \
                 [\n                2\n            ]\n        ]\n    }\n}",
            ),
            ("[[]]", "[\n    []\n]"),
            ("[{},[]]", "[\n    {},\n    []\n]"),
        ] {
            assert_eq!(
                pretty(&from_str::<Value>(json).unwrap()),
                expected,
                "{json}"
            );
        }
    }
}
