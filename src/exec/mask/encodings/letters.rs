//! Encoders that write each letter by itself: which of many differ on a text, by its letters alone.

use std::collections::BTreeSet;

/// Stands between letters, so that one does not run into the next. No encoder changes it, or makes it of another.
const PLAIN: char = 'Z';

/// Returns the first of encoders that `write` the same.
pub(super) fn unlike<E, W: PartialEq>(
    encoders: impl IntoIterator<Item = E>,
    write: impl Fn(&E) -> W,
) -> Vec<E> {
    let mut written = Vec::new();
    let mut found = Vec::new();
    for encoder in encoders {
        let this = write(&encoder);
        if !written.contains(&this) {
            written.push(this);
            found.push(encoder);
        }
    }
    found
}

/// The special letters of a text, each once. All beyond ASCII are.
pub(super) fn distinct_letters(text: &str, is_special: fn(u8) -> bool) -> String {
    let known = distinct_bytes(text.as_bytes(), |byte| byte.is_ascii() && is_special(byte));
    let foreign: BTreeSet<char> = match text.is_ascii() {
        true => BTreeSet::new(),
        false => text.chars().filter(|letter| !letter.is_ascii()).collect(),
    };
    let known = known.into_iter().map(char::from);
    known
        .chain(foreign.into_iter().flat_map(|letter| [letter, PLAIN]))
        .collect()
}

/// The special bytes of a value, each once.
pub(super) fn distinct_bytes(value: &[u8], is_special: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut is_there = [false; 1 << u8::BITS];
    for byte in value {
        if let Some(is_there) = is_there.get_mut(usize::from(*byte)) {
            *is_there = true;
        }
    }
    let bytes = (0..=u8::MAX)
        .zip(is_there)
        .filter(|(byte, is_there)| *is_there && is_special(*byte));
    bytes.flat_map(|(byte, _)| [byte, PLAIN as u8]).collect()
}

/// Writes the special letters of a text by `write`, and the rest as it is. All beyond ASCII are special.
pub(super) fn encode(
    text: &str,
    is_special: fn(u8) -> bool,
    mut write: impl FnMut(char, &mut String),
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let is_special = |byte: u8| !byte.is_ascii() || is_special(byte);
    while let Some((plain, special)) = rest
        .bytes()
        .position(is_special)
        .and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(plain);
        let mut letters = special.chars();
        if let Some(letter) = letters.next() {
            write(letter, &mut out);
        }
        rest = letters.as_str();
    }
    out.push_str(rest);
    out
}

/// Replaces the bytes for which `replacement` has one.
pub(super) fn replace<const N: usize>(
    value: &[u8],
    replacement: impl Fn(u8) -> Option<&'static [u8; N]>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + N);
    for byte in value {
        match replacement(*byte) {
            Some(text) => out.extend_from_slice(text),
            None => out.push(*byte),
        }
    }
    out
}
