//! What a message says beside a name that stands for nothing: which one was meant, and what there is. All sentences of
//! this kind are made here, of names, and never of values.

use std::collections::HashSet;

mod field;
mod spelling;

pub use field::{element, field, fields, member, part, printing};
pub use spelling::word;

use super::attachment::Attachment;
use super::record::Record;
use super::uid;
use crate::foreign::Text;
use crate::limits::OFFERED;
use crate::suggest::{is_question, meant, quoted};

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
    if let Some(cure) = spelling::cure(name, titles) {
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

/// Of the advice on a name that is neither a record's nor a folder's, the one that knows what was meant.
pub fn record_or_folder(record: String, folder: String) -> String {
    match is_question(&folder) && !is_question(&record) {
        true => folder,
        false => record,
    }
}

/// A sentence of its own behind a question.
fn there_are(meant: &str, names: &[&str]) -> String {
    let there = if meant.is_empty() { "there" } else { "There" };
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{meant}{there} {verb} {}", quoted(names.iter().copied()))
}

fn title_of(record: &Record) -> Text {
    match record.title() {
        "" => record.uid().as_str().into(),
        title => title.into(),
    }
}
