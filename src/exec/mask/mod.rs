//! Hides secrets in a stream of bytes (O8). A safety net: a program can print a secret in forms that are not searched for.
//!
//! `encodings` derives the texts to search for from a value, `trails` knows them by their fingerprints, `masker` replaces
//! them in a stream. What a mask costs before it is used, and for a byte of output, is bounded (D25).

mod bits;
mod encodings;
mod fingerprint;
mod masker;
mod table;
mod trails;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use self::encodings::encodings;
pub use self::masker::Masker;
use self::trails::{Size, Trails};
use crate::codec;
use crate::crypto;
use crate::json;
use crate::limits::{
    MASKED_BYTES, MASKED_FULLY_BYTES, MASKED_FULLY_LINES, MASKED_FULLY_STEPS, MASKED_SECRETS,
};
use crate::sensitive::Sensitive;

/// Replaces a secret (D25).
const MARK: &[u8] = b"****";

/// Shorter texts are not hidden, and texts are searched for by a prefix of this length.
const MIN_LENGTH: usize = 5;

/// Words that too many programs print for other reasons (D25).
const COMMON: [&str; 4] = ["true", "false", "null", "localhost"];

/// Shorter numbers are ports or years.
const MIN_DIGITS: usize = 6;

#[derive(Clone)]
pub struct Mask(Arc<Trails>);

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{count} values are too many to mask: at most {MASKED_SECRETS} can be")]
    TooMany { count: usize },
    #[error("values of {bytes} bytes are too much to mask: at most {} MiB can be", MASKED_BYTES >> 20)]
    TooLarge { bytes: usize },
    #[error(transparent)]
    Random(#[from] crypto::Error),
}

/// How many forms of the secrets are searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// In all encodings, and the members of JSON texts alone.
    Full,
    /// As they are, and in base64: they, or their encodings, are too many or too large for more.
    Plain,
}

impl Mask {
    /// Hides `secrets`, each line of them, and the common encodings of both. Returns the names of those that are too
    /// short or too common to be hidden; an empty value needs no hiding.
    pub fn new<N>(
        secrets: impl IntoIterator<Item = (N, Sensitive<Vec<u8>>)>,
    ) -> Result<(Self, Depth, Vec<N>), Error> {
        let mut unmasked = Vec::new();
        let mut masked = Vec::new();
        for (name, secret) in secrets {
            let value = without_line_ends(secret.expose());
            if is_distinctive(value) {
                masked.push(secret);
            } else if !value.is_empty() {
                unmasked.push(name);
            }
        }
        masked.sort_unstable_by(|one, other| one.expose().cmp(other.expose()));
        masked.dedup_by(|one, other| one.expose() == other.expose());
        let values = || {
            masked
                .iter()
                .map(|secret| without_line_ends(secret.expose()))
        };
        let count = masked.len();
        if count > MASKED_SECRETS {
            return Err(Error::TooMany { count });
        }
        let bytes: usize = values().map(<[u8]>::len).sum();
        if bytes > MASKED_BYTES {
            return Err(Error::TooLarge { bytes });
        }
        let plain: Size = values()
            .flat_map(value_and_lines)
            .map(<[u8]>::len)
            .collect();
        let is_little = bytes <= MASKED_FULLY_BYTES && plain.secrets <= MASKED_FULLY_LINES;
        let full = is_little.then(|| full_size(values()));
        let (depth, trails) = match full.filter(|size| size.steps <= MASKED_FULLY_STEPS) {
            Some(size) => (Depth::Full, full_trails(values(), size)?),
            None => (Depth::Plain, plain_trails(values, plain)?),
        };
        Ok((Self(Arc::new(trails)), depth, unmasked))
    }

    /// Begins a stream.
    pub fn start(&self) -> Masker {
        Masker::new(Arc::clone(&self.0))
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mask")
    }
}

fn full_size<'a>(values: impl Iterator<Item = &'a [u8]>) -> Size {
    let mut size = Size::default();
    values.for_each(|value| forms(value, |form| size.count(form.len())));
    size
}

fn full_trails<'a>(
    values: impl Iterator<Item = &'a [u8]>,
    size: Size,
) -> Result<Trails, crypto::Error> {
    let mut trails = Trails::new(size)?;
    values.for_each(|value| forms(value, |form| trails.add(form)));
    trails.finish();
    Ok(trails)
}

/// Hands over all forms of a value. To make them twice takes less memory than to keep them.
fn forms(value: &[u8], mut each: impl FnMut(&[u8])) {
    let members = members(value);
    let texts = members
        .iter()
        .map(|member| without_line_ends(member.expose()));
    for text in [value].into_iter().chain(texts) {
        for form in value_and_lines(text).flat_map(encodings) {
            each(Sensitive::new(form).expose());
        }
        if let Some(form) = with_crlf(text) {
            each(form.expose());
        }
    }
}

/// `size` counts the values and their lines.
fn plain_trails<'a, I: Iterator<Item = &'a [u8]>>(
    values: impl Fn() -> I,
    mut size: Size,
) -> Result<Trails, crypto::Error> {
    for value in values() {
        let line_ends = value.iter().filter(|byte| **byte == b'\n').count();
        size.count(value.len() + line_ends);
        size.count(value.len().div_ceil(3) * 4);
    }
    let mut trails = Trails::new(size)?;
    for value in values() {
        value_and_lines(value).for_each(|text| trails.add(text));
        if let Some(form) = with_crlf(value) {
            trails.add(form.expose());
        }
        trails.add(Sensitive::new(codec::encode(value)).expose().as_bytes());
    }
    trails.finish();
    Ok(trails)
}

/// What a program may print of a JSON text: the whole in one line, its texts and its numbers.
fn members(value: &[u8]) -> Vec<Sensitive<Vec<u8>>> {
    let mut found = Vec::new();
    if matches!(value.trim_ascii_start().first(), Some(b'{' | b'['))
        && let Ok(parsed) = json::value(value)
    {
        found.extend([parsed.to_string(), json::line(&parsed)].map(String::into_bytes));
        collect_members(parsed, &mut found);
    }
    found.into_iter().map(Sensitive::new).collect()
}

fn collect_members(value: Value, found: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) => found.push(text.into_bytes()),
        Value::Number(number) => found.push(number.to_string().into_bytes()),
        Value::Array(values) => {
            for value in values {
                collect_members(value, found);
            }
        }
        Value::Object(members) => {
            for (_, value) in members {
                collect_members(value, found);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// Shells strip the line ends of a file's content.
fn without_line_ends(value: &[u8]) -> &[u8] {
    let length = value
        .iter()
        .rposition(|byte| !matches!(byte, b'\n' | b'\r'))
        .map_or(0, |last| last + 1);
    value.get(..length).unwrap_or(value)
}

/// A value of several lines as a terminal passes it on; its lines may be too short to be hidden alone.
fn with_crlf(value: &[u8]) -> Option<Sensitive<Vec<u8>>> {
    let lines: Vec<_> = value.split(|byte| *byte == b'\n').collect();
    (lines.len() > 1).then(|| Sensitive::new(lines.join(b"\r\n".as_slice())))
}

/// Those of them that are to be hidden.
fn value_and_lines(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let all = [value].into_iter().chain(lines);
    all.filter(|line| is_distinctive(line))
}

fn is_distinctive(value: &[u8]) -> bool {
    let is_common = || {
        COMMON
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
    };
    let is_number = || value.iter().all(u8::is_ascii_digit);
    match value.len() {
        0..MIN_LENGTH => false,
        MIN_LENGTH..MIN_DIGITS => !is_number() && !is_common(),
        _ => !is_common(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_common_values_are_named_and_not_hidden() {
        // The value, and whether it is named instead of hidden.
        let cases = [
            ("abcd", true),
            ("abcde", false),
            ("true", true),
            ("FALSE", true),
            ("null", true),
            ("localhost", true),
            ("localhost1", false),
            ("12345", true),
            ("123456", false),
            ("1234x", false),
            ("", false),
            // A file's last line end is not part of the secret.
            ("\n", false),
            ("abcd\n", true),
            ("true\r\n", true),
            ("12345\n\n", true),
            ("abcde\n", false),
        ];
        for (value, named) in cases {
            let secret = Sensitive::new(value.as_bytes().to_vec());
            let (_, _, unmasked) = Mask::new([("NAME", secret)]).unwrap();
            assert_eq!(!unmasked.is_empty(), named, "{value}");
        }
    }

    #[test]
    fn too_many_and_too_large_secrets_are_refused() {
        let value = |number: usize, length| {
            let mut value = number.to_string().into_bytes();
            value.resize(length, b'x');
            value
        };
        let secrets = |count: usize, length: usize| {
            let secret = |number| (number, Sensitive::new(value(number, length)));
            Mask::new((0..count).map(secret)).map(|(_, depth, _)| depth)
        };
        let too_large =
            |count, length| matches!(secrets(count, length), Err(Error::TooLarge { .. }));
        assert!(matches!(secrets(1000, 10), Ok(Depth::Full)));
        assert!(matches!(
            secrets(1001, 10),
            Err(Error::TooMany { count: 1001 })
        ));
        assert!(matches!(secrets(8, 1 << 20), Ok(Depth::Plain)));
        assert!(too_large(8, (1 << 20) + 1));
        // Each line is special to every encoder.
        let special = |number| format!("{number:04}<\\'\"&`=/+$@:é;!*() %\n");
        let depth = |count| {
            let lines: String = (0..count).map(special).collect();
            let (_, depth, _) = Mask::new([(0, Sensitive::new(lines.into_bytes()))]).unwrap();
            depth
        };
        assert_eq!(depth(200), Depth::Full);
        assert_eq!(depth(3400), Depth::Plain);
        // The same secret twice is one.
        let twice = [
            (0, Sensitive::new(vec![b'x'; 6 << 20])),
            (1, Sensitive::new(vec![b'x'; 6 << 20])),
        ];
        assert!(Mask::new(twice).is_ok());
    }
}
