//! The bytes of an entry:
//!
//! ```text
//! "ksmcache" (8)  format (1)  time of asking (8)  nonce (12)  sealed: length (8)  answer  zeros  tag (16)
//! ```
//!
//! The time is in milliseconds since 1970, and numbers begin with the highest byte. Head, host and question are associated
//! data. Zeros hide the exact length of the answer.

use std::time::{Duration, SystemTime};

use crate::clock;
use crate::crypto::aead::{self, Key, OVERHEAD};
use crate::limits::Limit;
use crate::sensitive::Sensitive;

use super::Error;

const MAGIC: &[u8; 8] = b"ksmcache";
const FORMAT: u8 = 1;
const HEAD: usize = MAGIC.len() + 1 + 8;
const LENGTH: usize = 8;
/// Most answers to one question about a few records are shorter.
const SHORTEST: usize = 4096;

/// A file of the largest answer, padded.
pub(super) const LIMIT: Limit = Limit::CACHED_FILE;

/// What an entry answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) host: &'a str,
    pub(super) question: &'a [u8],
}

/// It does not open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damaged;

pub(super) fn seal(
    key: &Key,
    subject: &Subject<'_>,
    asked: SystemTime,
    answer: &[u8],
) -> Result<Vec<u8>, Error> {
    let since = clock::since_1970(asked).ok_or(clock::Error)?;
    let milliseconds = u64::try_from(since.as_millis()).map_err(|_| clock::Error)?;
    let head = [&MAGIC[..], &[FORMAT], &milliseconds.to_be_bytes()].concat();
    let length = padded(LENGTH + answer.len());
    let mut plain = Vec::with_capacity(length);
    plain.extend_from_slice(&(answer.len() as u64).to_be_bytes());
    plain.extend_from_slice(answer);
    plain.resize(length, 0);
    let plain = Sensitive::new(plain);
    let sealed = aead::seal_with(key, &associated(&head, subject), plain.expose())?;
    Ok([head, sealed].concat())
}

/// The time of asking, and the answer.
pub(super) fn open(
    key: &Key,
    subject: &Subject<'_>,
    entry: &Sensitive<Vec<u8>>,
) -> Result<(SystemTime, Sensitive<Vec<u8>>), Damaged> {
    let (head, sealed) = entry.expose().split_at_checked(HEAD).ok_or(Damaged)?;
    let stamp = head
        .strip_prefix(MAGIC)
        .and_then(|rest| rest.strip_prefix(&[FORMAT]));
    let stamp = stamp.and_then(|stamp| stamp.try_into().ok());
    let milliseconds = stamp.map(u64::from_be_bytes).ok_or(Damaged)?;
    let opened = aead::open_with(key, &associated(head, subject), sealed.to_vec());
    let mut plain = opened.map_err(|_| Damaged)?;
    let asked = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds));
    let content = plain.expose_mut();
    let (length, _) = content.split_at_checked(LENGTH).ok_or(Damaged)?;
    let length = u64::from_be_bytes(length.try_into().map_err(|_| Damaged)?);
    let end = usize::try_from(length)
        .ok()
        .and_then(|length| length.checked_add(LENGTH));
    content.truncate(end.ok_or(Damaged)?);
    content.drain(..LENGTH);
    Ok((asked.ok_or(Damaged)?, plain))
}

/// Each part behind its length.
fn associated(head: &[u8], subject: &Subject<'_>) -> Vec<u8> {
    let parts = [head, subject.host.as_bytes(), subject.question];
    let parts = parts.map(|part| [&(part.len() as u64).to_be_bytes()[..], part].concat());
    parts.concat()
}

/// At most a sixteenth more. The result has only as many digits in binary as tell its rough size (the scheme Padmé).
fn padded(length: usize) -> usize {
    let length = length.max(SHORTEST);
    let digits = length.ilog2();
    let kept = digits.ilog2() + 1;
    let step = 1 << digits.saturating_sub(kept);
    length.next_multiple_of(step)
}

/// The largest file that [`seal`] makes is within the limit.
const _: () = {
    let largest = Limit::CACHED_ANSWER.bytes() + (LENGTH + HEAD + OVERHEAD) as u64;
    assert!(largest + largest / 16 <= LIMIT.bytes());
};

#[cfg(test)]
mod tests {
    use super::*;

    const SUBJECT: Subject<'_> = Subject {
        host: "vault.example",
        question: b"question",
    };

    fn opened(key: &Key, subject: &Subject<'_>, entry: Vec<u8>) -> Result<Vec<u8>, Damaged> {
        let (_, answer) = open(key, subject, &entry.into())?;
        Ok(answer.expose().clone())
    }

    #[test]
    fn an_entry_opens_for_its_key_and_subject_only() {
        let key = Key::generate().unwrap();
        let asked = SystemTime::UNIX_EPOCH + Duration::from_millis(1_234_567);
        let entry = || seal(&key, &SUBJECT, asked, b"canary").unwrap();
        assert_eq!(open(&key, &SUBJECT, &entry().into()).unwrap().0, asked);
        assert_eq!(opened(&key, &SUBJECT, entry()).unwrap(), b"canary");
        let other = Key::generate().unwrap();
        let (host, question) = ("vault.exampl", b"equestion");
        for (key, subject) in [
            (&other, SUBJECT),
            (&key, Subject { host, ..SUBJECT }),
            (
                &key,
                Subject {
                    question: b"questio",
                    ..SUBJECT
                },
            ),
            (&key, Subject { host, question }),
        ] {
            assert_eq!(opened(key, &subject, entry()), Err(Damaged), "{subject:?}");
        }
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_seen() {
        let key = Key::generate().unwrap();
        let whole = seal(&key, &SUBJECT, clock::reading(), b"canary").unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert_eq!(opened(&key, &SUBJECT, changed), Err(Damaged), "byte {at}");
            assert_eq!(
                opened(&key, &SUBJECT, whole[..at].to_vec()),
                Err(Damaged),
                "cut at {at}"
            );
        }
        let longer = [whole, vec![0]].concat();
        assert_eq!(opened(&key, &SUBJECT, longer), Err(Damaged));
    }

    #[test]
    fn lengths_are_rough() {
        let key = Key::generate().unwrap();
        let sealed = |length| seal(&key, &SUBJECT, clock::reading(), &vec![b'x'; length]);
        let length = |length| sealed(length).unwrap().len() - HEAD - OVERHEAD;
        for (answer, expected) in [
            (0, 4096),
            (4088, 4096),
            (4089, 4352),
            (100_000, 100_352),
            (1_000_000, 1_015_808),
        ] {
            assert_eq!(length(answer), expected, "{answer}");
        }
        for length in (0..24).map(|power| (1_usize << power) + 1) {
            let padded = padded(length);
            assert!(
                padded >= length && padded <= length.max(SHORTEST) * 17 / 16,
                "{length}"
            );
        }
    }
}
