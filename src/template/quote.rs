//! Writes a value so that a shell, a YAML parser or a dotenv reader reads it back as it was (O6).

use std::io::{self, Write};

use serde_json::Value as Json;
use serde_json::ser::Formatter;

use crate::{json, yaml};

/// Tells nothing of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransformError {
    #[error("`{0}` takes text only, and the value is not valid UTF-8")]
    NotText(&'static str),
    #[error("`{0}` cannot write a value that contains a NUL byte")]
    Nul(&'static str),
    #[error(
        "`dotenv` cannot write a value that contains `${{`, which some readers expand however it is quoted"
    )]
    Expandable,
}

/// A word of any POSIX shell, in single quotes.
pub(super) fn shell(value: &[u8]) -> Result<Vec<u8>, TransformError> {
    if value.contains(&0) {
        return Err(TransformError::Nul("shell"));
    }
    let mut word = Vec::with_capacity(value.len() + 8);
    word.push(b'\'');
    for byte in value {
        match byte {
            b'\'' => word.extend_from_slice(b"'\\''"),
            byte => word.push(*byte),
        }
    }
    word.push(b'\'');
    Ok(word)
}

/// One line of JSON with the escapes and powers of ten that YAML 1.1 and 1.2 read alike, in ASCII.
pub(super) fn yaml(value: &Json) -> String {
    json::ascii(value, Yaml)
}

struct Yaml;

impl Formatter for Yaml {
    fn write_number_str<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        written: &str,
    ) -> io::Result<()> {
        // YAML 1.1 reads 1e300 as text: it wants the point and the sign.
        match json::decimal(written) {
            Some((digits, Some(power))) if digits.contains('.') => {
                write!(writer, "{digits}e{power:+}")
            }
            Some((digits, Some(power))) => write!(writer, "{digits}.0e{power:+}"),
            Some((digits, None)) => writer.write_all(digits.as_bytes()),
            None => writer.write_all(written.as_bytes()),
        }
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        json::write_ascii(writer, fragment, yaml::escape)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

/// A value of a dotenv file. All readers agree on single quotes around text without quotes and doubled backslashes;
/// other text is written as python-dotenv reads it.
pub(super) fn dotenv(value: &str) -> Result<String, TransformError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if value.contains('\0') {
        return Err(TransformError::Nul("dotenv"));
    }
    // Expanded by python-dotenv between quotes of either kind.
    if value.contains("${") {
        return Err(TransformError::Expandable);
    }
    if !value.is_empty() && value.chars().all(is_plain) {
        return Ok(value.to_owned());
    }
    let is_literal =
        !value.contains(['\'', '\r']) && !value.contains(r"\\") && !value.ends_with('\\');
    if is_literal {
        return Ok(format!("'{value}'"));
    }
    // Readers turn CR into LF, so CR is escaped; every reader takes a bare LF.
    let mut escaped = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        match c {
            '\r' => escaped.push_str("\\r"),
            '\\' | '"' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    Ok(format!("\"{escaped}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotenv_prefers_what_all_readers_agree_on() {
        for (value, expected) in [
            ("", "''"),
            ("plain-1.5/x=y", "plain-1.5/x=y"),
            ("two words # no comment", "'two words # no comment'"),
            ("a\nb", "'a\nb'"),
            (r"$x `y` a\b", r"'$x `y` a\b'"),
            ("it's", "\"it's\""),
            ("a\\\\b\"\r", r#""a\\\\b\"\r""#),
            ("end\\", r#""end\\""#),
        ] {
            assert_eq!(dotenv(value).unwrap(), expected, "{value:?}");
        }
    }

    #[test]
    fn yaml_is_ascii_whatever_the_value() {
        let value = Json::from("é\u{7f}\u{85}\u{2028}\u{feff}🔑\u{1}\"\\/");
        assert_eq!(
            yaml(&value),
            r#""\u00e9\u007f\u0085\u2028\ufeff\U0001F511\u0001\"\\/""#
        );
    }

    #[test]
    fn a_shell_word_is_bytes() {
        assert_eq!(shell(b"it's \xff$(x)\n").unwrap(), b"'it'\\''s \xff$(x)\n'");
        assert_eq!(shell(b"").unwrap(), b"''");
    }
}
