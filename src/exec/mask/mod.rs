//! Hides secrets in a stream of bytes (O8). A safety net: a program can print a secret in forms that are not searched for.
//!
//! `encodings` derives the texts to search for from a value, `needles` searches for them, `masker` replaces them in a
//! stream.

mod encodings;
mod masker;
mod needles;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use aho_corasick::BuildError;

use self::encodings::encodings;
pub use self::masker::Masker;
use self::needles::Needles;
use crate::sensitive::Sensitive;

/// Replaces a secret (D25).
const MARK: &[u8] = b"****";

/// Shorter texts are not hidden, and texts are searched for by a prefix of this length.
const MIN_LENGTH: usize = 5;

/// Longer values are files; searching for one in all its encodings would cost more than anybody expects.
const MAX_LENGTH: usize = 1 << 16;

/// Words that too many programs print for other reasons (D25).
const COMMON: [&str; 4] = ["true", "false", "null", "localhost"];

/// Shorter numbers are ports or years.
const MIN_DIGITS: usize = 6;

#[derive(Clone)]
pub struct Mask(Arc<Needles>);

impl Mask {
    /// Hides `secrets`, each line of them, and the common encodings of both. Returns the names of those that are too
    /// short, too common or too long to be hidden; an empty value needs no hiding.
    pub fn new<N>(
        secrets: impl IntoIterator<Item = (N, Sensitive<Vec<u8>>)>,
    ) -> Result<(Self, Vec<N>), BuildError> {
        let mut texts: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> = BTreeMap::new();
        let mut unmasked = Vec::new();
        for (name, secret) in secrets {
            let value = without_line_ends(secret.expose());
            if !value.is_empty() && !is_distinctive(value) {
                unmasked.push(name);
                continue;
            }
            let with_crlf = with_crlf(value);
            for text in value_and_lines(value).flat_map(encodings).chain(with_crlf) {
                if let Some(prefix) = text.get(..MIN_LENGTH) {
                    texts.entry(prefix.to_vec()).or_default().insert(text);
                }
            }
        }
        Ok((Self(Arc::new(Needles::new(texts)?)), unmasked))
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

/// Shells strip the line ends of a file's content.
fn without_line_ends(value: &[u8]) -> &[u8] {
    let length = value
        .iter()
        .rposition(|byte| !matches!(byte, b'\n' | b'\r'))
        .map_or(0, |last| last + 1);
    value.get(..length).unwrap_or(value)
}

/// A value of several lines as a terminal passes it on; its lines may be too short to be hidden alone.
fn with_crlf(value: &[u8]) -> Option<Vec<u8>> {
    let lines: Vec<_> = value.split(|byte| *byte == b'\n').collect();
    (lines.len() > 1).then(|| lines.join(b"\r\n".as_slice()))
}

fn value_and_lines(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = value
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| is_distinctive(line));
    [value].into_iter().chain(lines)
}

fn is_distinctive(value: &[u8]) -> bool {
    let is_common = COMMON
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
    let is_short_number = value.len() < MIN_DIGITS && value.iter().all(u8::is_ascii_digit);
    (MIN_LENGTH..=MAX_LENGTH).contains(&value.len()) && !is_short_number && !is_common
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
            let (_, unmasked) = Mask::new([("NAME", secret)]).unwrap();
            assert_eq!(!unmasked.is_empty(), named, "{value}");
        }
        let too_long = Sensitive::new(vec![b'x'; MAX_LENGTH + 1]);
        assert_eq!(Mask::new([("NAME", too_long)]).unwrap().1, ["NAME"]);
    }
}
