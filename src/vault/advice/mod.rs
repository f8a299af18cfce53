//! What a message says beside a name that stands for nothing: which one was meant, and what there is. All sentences of
//! this kind are made here, of names, and never of values.

use std::collections::HashSet;

use serde_json::Value;

use super::attachment::Attachment;
use super::field::Field;
use super::notation::Notation;
use super::record::Record;
use super::section::FieldSection;
use super::uid;
use crate::foreign::Text;
use crate::limits::OFFERED;
use crate::suggest::{listed, meant, nearly, quoted};

const ALL_RECORDS: &str =
    "`ksm secret list` shows the records that are shared with this application";
const ALL_FOLDERS: &str = "`ksm folder list` shows the folders there are";

/// The titles that a record was looked for in.
#[derive(Debug, Clone, Copy)]
pub struct Titles<'t> {
    /// Empty where they are not known.
    pub all: &'t [String],
    /// Whether looking for the nearest takes too long.
    pub is_large: bool,
}

impl Titles<'_> {
    /// Each once.
    fn iter(&self) -> impl Iterator<Item = &str> {
        let titles = self.all.iter().map(String::as_str);
        let mut seen = HashSet::new();
        titles.filter(move |title| !title.is_empty() && seen.insert(*title))
    }

    fn has(&self, title: &str) -> bool {
        self.all.iter().any(|known| known == title)
    }
}

pub fn record(name: &str, titles: Titles<'_>) -> String {
    if uid::is_uid(name) {
        return format!("`{name}` is taken for a UID; {ALL_RECORDS}");
    }
    if let Some(cure) = of_spelling(name, titles) {
        return cure;
    }
    let meant = match titles.is_large {
        true => String::new(),
        false => meant(name, titles.iter()),
    };
    match titles.iter().count() {
        0 => ALL_RECORDS.to_owned(),
        count if count > OFFERED => {
            format!("{meant}`ksm secret list` shows all {count} records")
        }
        _ => there_are(&meant, &titles.iter().collect::<Vec<_>>()),
    }
}

/// Several names of which none is a title, but perhaps all of them together.
pub fn records(names: &[&str], titles: Titles<'_>) -> String {
    match names {
        [] => ALL_RECORDS.to_owned(),
        [name] => record(name, titles),
        several => {
            let joined = several.join(" ");
            match titles.has(&joined) {
                true => format!(
                    "a title with blanks stands within quotes: '{}'",
                    Text::from(joined)
                ),
                false => several
                    .first()
                    .map(|name| record(name, titles))
                    .unwrap_or_default(),
            }
        }
    }
}

/// The cure of a name that is spelled as something else.
fn of_spelling(name: &str, titles: Titles<'_>) -> Option<String> {
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
    let path = name.rsplit_once('/');
    path.filter(|(_, title)| titles.has(title))
        .map(|(_, title)| {
            let title = Text::from(title);
            format!("a record is named without its folder: `{title}`")
        })
}

/// For a field that is not in its section, or in none if there is no section.
pub fn field(record: &Record, section: Option<FieldSection>, name: &str) -> String {
    let title = title_of(record);
    if let Some(section) = section
        && let other = section.other()
        && record.field(other, name).is_some()
    {
        let name = Text::from(name);
        let (kind, selector) = (other.word(), other.selector());
        return format!("`{name}` is a {kind} field of `{title}`: write `{selector}/{name}`");
    }
    let bare = name.trim_end_matches([';', ',', '.', ':', ')', '}', '>', '"', '\'']);
    let has = |name: &str| {
        let sections = section.map_or(FieldSection::ALL.to_vec(), |section| vec![section]);
        let mut sections = sections.into_iter();
        sections.any(|section| record.field(section, name).is_some())
    };
    if bare != name && has(bare) {
        let (bare, name) = (Text::from(bare), Text::from(name));
        return format!(
            "did you mean `{bare}`? The name was read as `{name}`, with what follows it"
        );
    }
    let base = name.split(['.', '[']).next().unwrap_or_default();
    if section.is_none() && base != name && has(base) {
        let base = Text::from(base);
        return format!(
            "`--field` prints a whole field; a notation names a member: 'keeper://{title}/field/{base}[…]'"
        );
    }
    let both = || {
        FieldSection::ALL
            .into_iter()
            .flat_map(|section| names(record, section))
    };
    let meant = match section {
        None => meant(name, both()),
        Some(section) => {
            let own = meant(name, names(record, section));
            let other = section.other();
            match own.is_empty() {
                true => nearly(name, names(record, other), |name| {
                    format!("{}/{name}", other.selector())
                }),
                false => own,
            }
        }
    };
    format!("{meant}`{title}` has {}", fields(record))
}

/// All names of fields of a record, for people.
pub fn fields(record: &Record) -> String {
    let of = |section| listed(names(record, section));
    let (standard, custom) = (of(FieldSection::Standard), of(FieldSection::Custom));
    match (standard.as_str(), custom.as_str()) {
        ("", "") => "no fields".to_owned(),
        (standard, "") => standard.to_owned(),
        ("", custom) => format!("no standard fields; custom: {custom}"),
        (standard, custom) => format!("{standard}; custom: {custom}"),
    }
}

fn names(record: &Record, section: FieldSection) -> impl Iterator<Item = &str> {
    let fields = record.fields(section).iter();
    // Attachments go by names of their own.
    let fields = fields.filter(|field| field.kind() != Some("fileRef"));
    fields.map(Field::name).filter(|name| !name.is_empty())
}

fn title_of(record: &Record) -> Text {
    match record.title() {
        "" => record.uid().as_str().into(),
        title => title.into(),
    }
}

/// For a member that `element` of the field called `field` lacks.
pub fn member(field: &str, element: &Value, property: &str) -> String {
    let field = Text::from(field);
    match element {
        Value::Object(members) => {
            let names = || members.keys().map(String::as_str);
            format!(
                "{}`{field}` has {}",
                meant(property, names()),
                listed(names())
            )
        }
        Value::Array(_) => format!("`{field}` is a list in a list, which has no names"),
        _ => format!("`{field}` is a single value without members; leave out `[…]`"),
    }
}

/// For an index beyond the values of the field called `field`.
pub fn element(field: &str, count: usize) -> String {
    let field = Text::from(field);
    match count {
        1 => format!("`{field}` has one value, which is `[0]`"),
        _ => format!(
            "`{field}` has {count} values, `[0]` to `[{}]`",
            count.saturating_sub(1)
        ),
    }
}

pub fn file(record: &Record, name: &str) -> String {
    let title = title_of(record);
    let files = record.files();
    if files.is_empty() {
        return format!("`{title}` has no attachments");
    }
    // By their titles, since those may be given in every place.
    let names = || files.iter().map(Attachment::title);
    format!("{}`{title}` has {}", meant(name, names()), quoted(names()))
}

/// `paths` are of all folders.
pub fn folder(name: &str, paths: &[String]) -> String {
    if uid::is_uid(name) {
        return format!("`{name}` is taken for a UID; {ALL_FOLDERS}");
    }
    let all = || paths.iter().map(String::as_str);
    let last = || all().filter_map(|path| path.rsplit('/').next());
    let by_path = meant(name, all());
    let meant = match by_path.is_empty() {
        true => meant(name, last()),
        false => by_path,
    };
    match paths.len() {
        0 => "no folder is shared with this application".to_owned(),
        count if count > OFFERED => {
            format!("{meant}`ksm folder list` shows all {count} folders")
        }
        _ => there_are(&meant, &all().collect::<Vec<_>>()),
    }
}

/// A sentence of its own behind a question.
fn there_are(meant: &str, names: &[&str]) -> String {
    let there = if meant.is_empty() { "there" } else { "There" };
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{meant}{there} {verb} {}", quoted(names.iter().copied()))
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
