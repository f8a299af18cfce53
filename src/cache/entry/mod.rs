//! The bytes of an entry:
//!
//! ```text
//! "ksmcache" (8)  format (1)  time of asking (8)  length of the label (4)  label  answer
//! label:   nonce (12)  sealed: length (8)  host  length (8)  question  zeros  tag (16)
//! answer:  nonce (12)  sealed: length (8)  answer  zeros  tag (16)
//! ```
//!
//! The time is in milliseconds since 1970, and numbers begin with the highest byte. All before the label is its associated
//! data; all before the answer, host and question are the answer's. Zeros hide exact lengths. A label tells what is kept
//! without opening the answer.

use std::time::{Duration, SystemTime};

use crate::clock;
use crate::crypto::aead::{self, Key, OVERHEAD};
use crate::limits::Limit;
use crate::sensitive::Sensitive;

use super::{Error, Question};

const MAGIC: &[u8; 8] = b"ksmcache";
const FORMAT: u8 = 2;
const HEAD: usize = MAGIC.len() + 1 + 8 + 4;
const LENGTH: usize = 8;
/// The label of a question about some records is shorter.
const SHORTEST_LABEL: usize = 512;
/// Most answers to one question about a few records are shorter.
const SHORTEST_ANSWER: usize = 4096;

/// A file of the largest answer, padded.
pub(super) const LIMIT: Limit = Limit::CACHED_FILE;
/// All before the answer.
pub(super) const START: Limit = Limit::CACHED_QUESTION;

/// What an entry answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) host: &'a str,
    pub(super) question: &'a [u8],
}

pub(super) struct EntryKeys {
    /// The same for all entries of a device.
    pub(super) label: Key,
    pub(super) answer: Key,
}

/// It does not open.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damaged;

/// What an entry says of itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) host: Vec<u8>,
    pub(super) question: Question,
    pub(super) asked: SystemTime,
}

pub(super) fn seal(
    keys: &EntryKeys,
    subject: &Subject<'_>,
    asked: SystemTime,
    answer: &[u8],
) -> Result<Vec<u8>, Error> {
    let since = clock::since_1970(asked).ok_or(clock::Error)?;
    let milliseconds = u64::try_from(since.as_millis()).map_err(|_| clock::Error)?;
    let label = framed(&[subject.host.as_bytes(), subject.question], SHORTEST_LABEL);
    let length = label.expose().len() + OVERHEAD;
    let too_large = Error::TooLarge(START);
    let Some(length) = u32::try_from(length)
        .ok()
        .filter(|length| u64::from(*length) + HEAD as u64 <= START.bytes())
    else {
        return Err(too_large);
    };
    let head = [
        &MAGIC[..],
        &[FORMAT],
        &milliseconds.to_be_bytes(),
        &length.to_be_bytes(),
    ];
    let head = head.concat();
    let label = aead::seal_with(&keys.label, &head, label.expose())?;
    let start = [head, label].concat();
    let plain = framed(&[answer], SHORTEST_ANSWER);
    let sealed = aead::seal_with(&keys.answer, &associated(&start, subject), plain.expose())?;
    Ok([start, sealed].concat())
}

/// The time of asking, and the answer.
pub(super) fn open(
    key: &Key,
    subject: &Subject<'_>,
    entry: &Sensitive<Vec<u8>>,
) -> Result<(SystemTime, Sensitive<Vec<u8>>), Damaged> {
    let (head, label) = Head::read(entry.expose())?;
    let start = [head.bytes, label].concat();
    let sealed = entry.expose().get(start.len()..).ok_or(Damaged)?;
    let opened = aead::open_with(key, &associated(&start, subject), sealed.to_vec());
    let mut plain = opened.map_err(|_| Damaged)?;
    let content = plain.expose_mut();
    let (answer, _) = frame(content).ok_or(Damaged)?;
    let end = LENGTH + answer.len();
    content.truncate(end);
    content.drain(..LENGTH);
    Ok((head.asked, plain))
}

/// Reads what the start of an entry says. `key` is that of labels.
pub(super) fn label(key: &Key, start: &[u8]) -> Result<Label, Damaged> {
    let (head, label) = Head::read(start)?;
    let opened = aead::open_with(key, head.bytes, label.to_vec());
    let plain = opened.map_err(|_| Damaged)?;
    let (host, rest) = frame(plain.expose()).ok_or(Damaged)?;
    let (question, _) = frame(rest).ok_or(Damaged)?;
    Ok(Label {
        host: host.to_vec(),
        question: Question(question.to_vec()),
        asked: head.asked,
    })
}

struct Head<'a> {
    bytes: &'a [u8],
    asked: SystemTime,
}

impl<'a> Head<'a> {
    /// The head and the sealed label behind it.
    fn read(entry: &'a [u8]) -> Result<(Self, &'a [u8]), Damaged> {
        let read = || {
            let (bytes, rest) = entry.split_at_checked(HEAD)?;
            let numbers = bytes.strip_prefix(MAGIC)?.strip_prefix(&[FORMAT])?;
            let (milliseconds, length) = numbers.split_first_chunk()?;
            let milliseconds = Duration::from_millis(u64::from_be_bytes(*milliseconds));
            let asked = SystemTime::UNIX_EPOCH.checked_add(milliseconds)?;
            let length = u32::from_be_bytes(length.try_into().ok()?);
            let label = rest.get(..usize::try_from(length).ok()?)?;
            Some((Self { bytes, asked }, label))
        };
        read().ok_or(Damaged)
    }
}

fn associated(start: &[u8], subject: &Subject<'_>) -> Vec<u8> {
    let parts = [start, subject.host.as_bytes(), subject.question];
    let parts = parts.map(|part| [&(part.len() as u64).to_be_bytes()[..], part].concat());
    parts.concat()
}

/// Each part behind its length, and zeros.
fn framed(parts: &[&[u8]], shortest: usize) -> Sensitive<Vec<u8>> {
    let length: usize = parts.iter().map(|part| LENGTH + part.len()).sum();
    let length = padded(length, shortest);
    let mut framed = Vec::with_capacity(length);
    for part in parts {
        framed.extend_from_slice(&(part.len() as u64).to_be_bytes());
        framed.extend_from_slice(part);
    }
    framed.resize(length, 0);
    Sensitive::new(framed)
}

/// The first part, and what follows it.
fn frame(framed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = framed.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u64::from_be_bytes(*length)).ok()?)
}

/// At most a sixteenth more. The result has only as many digits in binary as tell its rough size (the scheme Padmé).
fn padded(length: usize, shortest: usize) -> usize {
    let length = length.max(shortest);
    let digits = length.ilog2();
    let kept = digits.ilog2() + 1;
    let step = 1 << digits.saturating_sub(kept);
    length.next_multiple_of(step)
}

/// The largest file that [`seal`] makes is within the limit.
const _: () = {
    let largest = Limit::CACHED_ANSWER.bytes() + (LENGTH + OVERHEAD) as u64;
    assert!(largest + largest / 16 + START.bytes() <= LIMIT.bytes());
};

#[cfg(test)]
mod tests;
