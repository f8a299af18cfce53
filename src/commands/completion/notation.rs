//! Notations that begin with what was typed, section by section: the record, the selector, the name.

use ksm::vault::Record;
use ksm::vault::notation::{PREFIX, escaped};
use ksm::vault::section::FieldSection;

/// What a typed notation needs to go on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stage<'t> {
    /// The text before the record.
    Record(&'t str),
    /// The text before the selector, and the record.
    Selector(&'t str, String),
    /// The text before the name, the record, and the selector.
    Name(&'t str, String, &'t str),
}

impl<'t> Stage<'t> {
    pub(super) fn of(typed: &'t str) -> Self {
        let behind_prefix = typed
            .get(..PREFIX.len())
            .filter(|prefix| prefix.eq_ignore_ascii_case(PREFIX))
            .map_or(0, str::len);
        let (prefix, rest) = typed.split_at(behind_prefix);
        let mut is_escaped = false;
        let end = rest.find(|c| {
            let ends = c == '/' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        });
        let Some((record, behind)) = end.and_then(|end| rest.split_at_checked(end)) else {
            return Self::Record(prefix);
        };
        let record = unescaped(record);
        let behind = behind.strip_prefix('/').unwrap_or(behind);
        let before = |rest: &str| typed.strip_suffix(rest).unwrap_or(typed);
        match behind.split_once('/') {
            None => Self::Selector(before(behind), record),
            Some((selector, name)) => Self::Name(before(name), record, selector),
        }
    }
}

fn unescaped(section: &str) -> String {
    let mut characters = section.chars();
    let mut plain = String::new();
    while let Some(c) = characters.next() {
        match c {
            '\\' => plain.extend(characters.next()),
            c => plain.push(c),
        }
    }
    plain
}

/// What a notation may name of a record, without values.
pub(super) fn selectors(record: &Record) -> Vec<&'static str> {
    let has = |section| !record.fields(section).is_empty();
    let all = [
        ("field/", has(FieldSection::Standard)),
        ("custom_field/", has(FieldSection::Custom)),
        ("file/", !record.files().is_empty()),
        ("notes", record.notes().is_some()),
        ("title", true),
        ("type", true),
    ];
    let there = all.into_iter().filter(|(_, is_there)| *is_there);
    there.map(|(selector, _)| selector).collect()
}

pub(super) fn names(record: &Record, selector: &str) -> Vec<String> {
    let fields = |section| {
        let fields = record.fields(section).iter();
        fields.map(|field| escaped(field.name())).collect()
    };
    match selector.to_ascii_lowercase().as_str() {
        "field" => fields(FieldSection::Standard),
        "custom_field" => fields(FieldSection::Custom),
        "file" => record
            .files()
            .iter()
            .map(|file| escaped(file.title()))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_follows_from_the_slashes() {
        let name =
            |before, record: &str, selector| Stage::Name(before, record.to_owned(), selector);
        for (typed, expected) in [
            ("", Stage::Record("")),
            ("Web", Stage::Record("")),
            ("keeper://", Stage::Record("keeper://")),
            (r"keeper://a\/b", Stage::Record("keeper://")),
            (
                r"Keeper://a\/b/fi",
                Stage::Selector(r"Keeper://a\/b/", "a/b".to_owned()),
            ),
            (
                "keeper://a/field/pass",
                name("keeper://a/field/", "a", "field"),
            ),
            ("a/file/b/c", name("a/file/", "a", "file")),
            (r"a\\/b", Stage::Selector(r"a\\/", r"a\".to_owned())),
        ] {
            assert_eq!(Stage::of(typed), expected, "{typed}");
        }
    }
}
