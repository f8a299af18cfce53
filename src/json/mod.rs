//! JSON as others wrote it (`read`), and as the official clients write it, byte for byte: Python's separators, numbers
//! and ASCII escapes. A number keeps all its digits where Python would lose some.

use serde::Serialize;
use serde_json::ser::Serializer;

use self::python::Python;

mod items;
mod number;
mod python;
mod read;
mod size;
mod usual;

pub(crate) use items::is_crowded;
pub(crate) use number::compare_numbers;
pub(crate) use python::escape_yaml;
#[cfg(feature = "dev-vault")]
pub(crate) use read::object_of;
pub(crate) use read::{Exact, Object};
pub use read::{members, object, value};
pub(crate) use size::{pretty_size, size};
pub(crate) use usual::usual;

/// One line: `{"a": [1, 2], "b": "\u00e9"}`.
pub fn line(value: &impl Serialize) -> String {
    ascii(value, Python::default())
}

/// One line without blanks: `{"a":[1,2],"b":"\u00e9"}`.
pub fn compact(value: &impl Serialize) -> String {
    ascii(value, Python::compact())
}

/// Indented by four spaces a level, without a newline at the end.
pub fn pretty(value: &impl Serialize) -> String {
    indented(value, 4)
}

/// Indented by so many spaces a level, without a newline at the end.
pub fn indented(value: &impl Serialize, indent: usize) -> String {
    ascii(value, Python::indented(indent))
}

/// One line of YAML, with escapes and powers of ten that YAML 1.1 and 1.2 read alike.
pub(crate) fn yaml(value: &impl Serialize) -> String {
    ascii(value, Python::in_yaml())
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

#[cfg(test)]
mod tests;
