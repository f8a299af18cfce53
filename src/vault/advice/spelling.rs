//! Names that are spelled as something else, and how what was meant is typed.

use super::Titles;
use crate::foreign::Text;
use crate::vault::notation::{Notation, PREFIX, escaped};

/// The cure of a name that is spelled as something else.
pub(super) fn cure(name: &str, titles: Titles<'_>) -> Option<String> {
    if name.contains('%')
        && let Some(plain) = percent_decoded(name)
        && (titles.has(&plain) || name.contains("%20"))
    {
        let plain = Text::from(plain);
        return Some(format!(
            "a title is written as it is, without `%20` and the like: `{plain}`"
        ));
    }
    if let Some(inside) = name.strip_prefix('{')
        && let inside = inside.strip_suffix('}').unwrap_or(inside)
        && titles.has(inside)
    {
        let title = Text::from(inside);
        return Some(format!(
            "braces around a notation are for templates, which `ksm interpolate` fills in; the record is `{title}`"
        ));
    }
    let is_notation = ["/field/", "/custom_field/", "/file/"]
        .iter()
        .any(|word| name.contains(word));
    if is_notation && Notation::parse(name).is_ok() {
        let notation = word(&format!("{PREFIX}{name}"));
        return Some(format!(
            "a notation begins with `keeper://`: `ksm secret notation {notation}` prints a part of a record"
        ));
    }
    if let Some((_, behind)) = name.rsplit_once('/')
        && titles.has(behind)
    {
        let title = Text::from(behind);
        return Some(format!("a record is named without its folder: `{title}`"));
    }
    let (before, field) = name.rsplit_once(['/', '.', ':', '#'])?;
    // Other tools put a vault, a folder or a section around the record.
    let mut titled = before.split('/').rev().chain([before]);
    let title = titled.find(|title| titles.has(title))?;
    let field = notation(title, "field/", field);
    Some(format!("`ksm secret notation {field}` prints a field"))
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
pub fn word(text: &str) -> String {
    let shown = Text::from(text).to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@%+=,".contains(c);
    match !shown.is_empty() && shown.chars().all(is_plain) {
        true => shown,
        false => format!("'{}'", shown.replace('\'', r"'\''")),
    }
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
