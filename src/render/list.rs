//! The answers of `secret list` (compatibility 7) and `profile list` (5.3).

use ksm::json;
use ksm::vault::Record;
use serde_json::{Value, json};

use super::paint::{Color, plain};
use super::table::{Column, Layout, Table};

/// A record in a list.
#[derive(Debug)]
pub(crate) struct RecordRow<'r> {
    pub(crate) record: &'r Record,
    /// What a query found in it.
    pub(crate) found: Option<Value>,
}

/// What a list tells of a record, besides UID and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListContent {
    /// Its title.
    Title,
    /// Its title, in the answer to a query: the same table, but JSON with the keys in another order.
    QueriedTitle,
    /// What the query found: in the table instead of the title, in JSON beside it.
    Found,
}

/// A table of records between blank lines.
pub(crate) fn records(rows: &[RecordRow<'_>], content: ListContent, layout: Layout) -> String {
    let last = match content {
        ListContent::Title | ListContent::QueriedTitle => "Title",
        ListContent::Found => "Value",
    };
    let mut table = Table::new([
        Column::new("UID").color(Color::Green),
        Column::new("Record Type"),
        Column::new(last).color(Color::Yellow),
    ]);
    for RecordRow { record, found } in rows {
        let told = match (content, found) {
            (ListContent::Title | ListContent::QueriedTitle, _) => plain(record.title()),
            (ListContent::Found, Some(Value::String(text))) => plain(text),
            (ListContent::Found, None | Some(Value::Null)) => String::new(),
            (ListContent::Found, Some(value)) => json::line(value),
        };
        table.row([plain(record.uid().as_str()), plain(record.kind()), told]);
    }
    format!("\n{}\n", table.render(layout))
}

/// The same records as JSON.
pub(crate) fn records_json(rows: &[RecordRow<'_>], content: ListContent) -> String {
    let object = |RecordRow { record, found }: &RecordRow<'_>| {
        let (uid, title, kind) = (record.uid().as_str(), record.title(), record.kind());
        match content {
            ListContent::Title => json!({"uid": uid, "title": title, "record_type": kind}),
            ListContent::QueriedTitle => json!({"uid": uid, "record_type": kind, "title": title}),
            ListContent::Found => {
                json!({"uid": uid, "record_type": kind, "title": title, "value": found})
            }
        }
    };
    json::pretty(&rows.iter().map(object).collect::<Vec<_>>())
}

/// A profile in a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Profile<'p> {
    pub(crate) name: &'p str,
    pub(crate) is_active: bool,
}

/// A table of profiles between blank lines.
pub(crate) fn profiles(profiles: &[Profile<'_>], layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("Active").centred().color(Color::Red),
        Column::new("Profile").color(Color::Yellow),
    ]);
    for profile in profiles {
        let mark = if profile.is_active { "*" } else { "" };
        table.row([mark.to_owned(), plain(profile.name)]);
    }
    format!("\n{}\n", table.render(layout))
}

/// The same profiles as JSON, on one line.
pub(crate) fn profiles_json(profiles: &[Profile<'_>]) -> String {
    let object = |profile: &Profile<'_>| json!({"active": profile.is_active, "name": profile.name});
    json::line(&profiles.iter().map(object).collect::<Vec<_>>())
}
