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
        Self::within(MASKED_FULLY_STEPS, secrets)
    }

    /// Hides plainly what takes more than so many `steps` in all encodings.
    fn within<N>(
        steps: usize,
        secrets: impl IntoIterator<Item = (N, Sensitive<Vec<u8>>)>,
    ) -> Result<(Self, Depth, Vec<N>), Error> {
        let (masked, unmasked) = Masked::of(secrets)?;
        let mut encoders = Encoders::default();
        let full = masked.full_plan(steps, &mut encoders)?;
        let (depth, forms, plan): (_, Forms, _) = match full {
            Some(plan) => (Depth::Full, all_forms, plan),
            None => (
                Depth::Plain,
                few_forms,
                plan(masked.values(), few_forms, &mut encoders)?,
            ),
        };
        let trails = trails(plan, masked.values(), forms, &mut encoders);
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

/// The secrets that are hidden, each once.
struct Masked(Vec<Sensitive<Vec<u8>>>);

impl Masked {
    /// Returns the names of those that are not, too.
    fn of<N>(
        secrets: impl IntoIterator<Item = (N, Sensitive<Vec<u8>>)>,
    ) -> Result<(Self, Vec<N>), Error> {
        let (mut masked, mut unmasked) = (Vec::new(), Vec::new());
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
        let count = masked.len();
        if count > MASKED_SECRETS {
            return Err(Error::TooMany { count });
        }
        let masked = Self(masked);
        let bytes = masked.bytes();
        if bytes > MASKED_BYTES {
            return Err(Error::TooLarge { bytes });
        }
        Ok((masked, unmasked))
    }

    fn values(&self) -> impl Iterator<Item = &[u8]> {
        let secrets = self.0.iter();
        secrets.map(|secret| without_line_ends(secret.expose()))
    }

    fn bytes(&self) -> usize {
        self.values().map(<[u8]>::len).sum()
    }

    /// A plan for all forms, if the secrets are few and small enough for so many steps.
    fn full_plan(&self, steps: usize, encoders: &mut Encoders) -> Result<Option<Plan>, Error> {
        let lines = || self.values().flat_map(value_and_lines).count();
        if self.bytes() > MASKED_FULLY_BYTES || lines() > MASKED_FULLY_LINES {
            return Ok(None);
        }
        let plan = plan(self.values(), all_forms, encoders)?;
        Ok(Some(plan).filter(|plan| plan.steps <= steps))
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

    /// So many secrets of this length.
    fn secrets(count: usize, length: usize) -> impl Iterator<Item = (usize, Sensitive<Vec<u8>>)> {
        (0..count).map(move |number| {
            let mut value = number.to_string().into_bytes();
            value.resize(length, b'x');
            (number, Sensitive::new(value))
        })
    }

    #[test]
    fn too_many_and_too_large_secrets_are_refused() {
        let masked = |count, length| Masked::of(secrets(count, length)).map(|(masked, _)| masked);
        assert!(masked(1000, 10).is_ok());
        assert!(matches!(
            masked(1001, 10),
            Err(Error::TooMany { count: 1001 })
        ));
        assert!(masked(8, 1 << 20).is_ok());
        assert!(matches!(
            masked(8, (1 << 20) + 1),
            Err(Error::TooLarge { .. })
        ));
        // The same secret twice is one.
        let twice = secrets(1, 6 << 20).chain(secrets(1, 6 << 20));
        assert!(Masked::of(twice).is_ok());
    }

    #[test]
    fn many_large_and_special_secrets_are_masked_plainly() {
        let depth = |steps, secrets: Vec<_>| Mask::within(steps, secrets).unwrap().1;
        let most = MASKED_FULLY_STEPS;
        let one = |text: String| vec![(0, Sensitive::new(text.into_bytes()))];
        let lines = |count| one((0..count).map(|at| format!("{at:05}x\n")).collect());
        assert_eq!(depth(most, lines(1_000)), Depth::Full);
        assert_eq!(depth(most, lines(4_096)), Depth::Plain);
        assert_eq!(depth(most, secrets(1, 131_072).collect()), Depth::Full);
        assert_eq!(depth(most, secrets(1, 131_073).collect()), Depth::Plain);
        // Each line is special to every encoder.
        let special = |number| format!("{number:04}<\\'\"&`=/+$@:é;!*() %\n");
        let special = || one((0..20).map(special).collect());
        assert_eq!(depth(most, special()), Depth::Full);
        assert_eq!(depth(10_000, special()), Depth::Plain);
    }
}
