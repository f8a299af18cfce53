//! What is searched for of a value: the whole, its lines, the members of a JSON text, each in all encodings or in few.

use ksm_kernels::starts::MIN_LENGTH;
use serde_json::Value;

use super::encodings::{Encoders, Form};
use crate::codec;
use crate::json;
use crate::sensitive::Sensitive;

/// Words that too many programs print for other reasons (D25).
const COMMON: [&str; 4] = ["true", "false", "null", "localhost"];

/// Shorter numbers are ports or years.
const MIN_DIGITS: usize = 6;

/// Hands over all forms of a value.
pub(super) fn all_forms(value: &[u8], encoders: &mut Encoders, each: &mut dyn FnMut(&Form<'_>)) {
    let members = members(value);
    let texts = members
        .iter()
        .map(|member| without_line_ends(member.expose()));
    for text in [value].into_iter().chain(texts) {
        value_and_lines(text).for_each(|text| encoders.forms(text, each));
        if let Some(form) = with_crlf(text) {
            each(&Form::Text(form.expose()));
        }
    }
}

/// Hands over the forms for which the work and the memory grow no faster than the value.
pub(super) fn few_forms(value: &[u8], _: &mut Encoders, each: &mut dyn FnMut(&Form<'_>)) {
    value_and_lines(value).for_each(|text| each(&Form::Text(text)));
    if let Some(form) = with_crlf(value) {
        each(&Form::Text(form.expose()));
    }
    let base64 = Sensitive::new(codec::encode(value));
    each(&Form::Text(base64.expose().as_bytes()));
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
pub(super) fn without_line_ends(value: &[u8]) -> &[u8] {
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
pub(super) fn value_and_lines(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let all = [value].into_iter().chain(lines);
    all.filter(|line| is_distinctive(line))
}

pub(super) fn is_distinctive(value: &[u8]) -> bool {
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
