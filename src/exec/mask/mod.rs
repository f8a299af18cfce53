//! Hides secrets in a stream of bytes (O8). A safety net: a program can print a secret in forms that are not searched for.
//!
//! `forms` derives the texts to search for from a value, `trails` knows them by their fingerprints, `masker` replaces them
//! in a stream. What a mask costs before it is used, and for a byte of output, is bounded (D25).

mod encodings;
mod fingerprint;
mod forms;
mod masker;
mod stops;
mod table;
mod trails;

use std::fmt;
use std::sync::Arc;

use self::encodings::{Encoders, Form};
use self::forms::{all_forms, few_forms, is_distinctive, value_and_lines, without_line_ends};
pub use self::masker::Masker;
use self::stops::Lengths;
use self::trails::{Plan, Trails};
use crate::crypto;
use crate::limits::{
    MASKED_BYTES, MASKED_FULLY_BYTES, MASKED_FULLY_LINES, MASKED_FULLY_STEPS, MASKED_SECRETS,
};
use crate::sensitive::Sensitive;

/// Replaces a secret (D25).
const MARK: &[u8] = b"****";

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
        let few_lines = || values().flat_map(value_and_lines).count() <= MASKED_FULLY_LINES;
        let mut encoders = Encoders::default();
        let full = match bytes <= MASKED_FULLY_BYTES && few_lines() {
            true => Some(plan(values(), all_forms, &mut encoders)?),
            false => None,
        };
        let full = full.filter(|plan| plan.steps <= MASKED_FULLY_STEPS);
        let (depth, forms, plan): (_, Forms, _) = match full {
            Some(plan) => (Depth::Full, all_forms, plan),
            None => (
                Depth::Plain,
                few_forms,
                plan(values(), few_forms, &mut encoders)?,
            ),
        };
        let trails = trails(plan, values(), forms, &mut encoders);
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

/// Hands over forms of a value.
type Forms = fn(&[u8], &mut Encoders, &mut dyn FnMut(&Form<'_>));

fn plan<'a>(
    values: impl Iterator<Item = &'a [u8]>,
    forms: Forms,
    encoders: &mut Encoders,
) -> Result<Plan, crypto::Error> {
    let mut lengths = Lengths::default();
    let mut count = |form: &Form<'_>| lengths.count(form.len());
    values.for_each(|value| forms(value, encoders, &mut count));
    Plan::new(&lengths)
}

/// To make the forms twice takes less memory than to keep them.
fn trails<'a>(
    plan: Plan,
    values: impl Iterator<Item = &'a [u8]>,
    forms: Forms,
    encoders: &mut Encoders,
) -> Trails {
    let mut trails = Trails::new(plan);
    let mut add = |form: &Form<'_>| form.read(|text| trails.add(text));
    values.for_each(|value| forms(value, encoders, &mut add));
    trails.finish();
    trails
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
