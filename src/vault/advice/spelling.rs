//! Names that are spelled as something else, and how what was meant is typed.

use super::Titles;
use crate::foreign::Text;
use crate::vault::notation::{Notation, PREFIX};

/// The cure of a name that is spelled as something else.
pub(super) fn cure(name: &str, titles: Titles<'_>) -> Option<String> {
    let shown = Text::from(name);
    if name.contains('%')
        && let Some(plain) = percent_decoded(name)
        && (titles.has(&plain) || name.contains("%20"))
    {
        let plain = Text::from(plain);
        return Some(format!(
            "a title is written as it is, without `%20` and the like: `{plain}`"
        ));
    }
    let is_notation = ["/field/", "/custom_field/", "/file/"]
        .iter()
        .any(|word| name.contains(word));
    if is_notation && Notation::parse(name).is_ok() {
        return Some(format!(
            "a notation begins with `keeper://`: `keeper://{shown}`"
        ));
    }
    let (before, behind) = name.rsplit_once('/')?;
    if titles.has(behind) {
        let title = Text::from(behind);
        return Some(format!("a record is named without its folder: `{title}`"));
    }
    titles.has(before).then(|| {
        let field = notation(before, "field/", behind);
        format!("`ksm secret notation {field}` prints a field")
    })
}

/// The notation of a part of a record, as a word of a shell. `selector` is `field/` and the like.
pub(super) fn notation(record: &str, selector: &str, name: &str) -> String {
    word(&plain_notation(record, selector, name))
}

pub(super) fn plain_notation(record: &str, selector: &str, name: &str) -> String {
    let (record, name) = (escaped(record), escaped(name));
    format!("{PREFIX}{record}/{selector}{name}")
}

/// `text` as a word of a shell, without quotes where it needs none.
pub(super) fn word(text: &str) -> String {
    let shown = Text::from(text).to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@%+=,".contains(c);
    match !shown.is_empty() && shown.chars().all(is_plain) {
        true => shown,
        false => format!("'{}'", shown.replace('\'', r"'\''")),
    }
}

/// A section of a notation, with its delimiters escaped.
fn escaped(section: &str) -> String {
    let mut text = String::with_capacity(section.len());
    for c in section.chars() {
        text.extend("/[]\\".contains(c).then_some('\\'));
        text.push(c);
    }
    text
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = after.split_at_checked(2)?;
        let digits = str::from_utf8(digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}
