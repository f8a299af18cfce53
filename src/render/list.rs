//! The answers of `secret list` (`cli-reference.md` 7) and `profile list` (5.3).

use ksm::json;
use ksm::vault::Record;
use serde_json::{Value, json};

use super::paint::{Color, plain};
use super::table::{Column, Paper, Table};

/// A record in a list.
#[derive(Debug)]
pub(crate) struct Row<'r> {
    pub(crate) record: &'r Record,
    /// What a query found in it.
    pub(crate) found: Option<Value>,
}

/// What a list tells of a record, besides UID and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    /// Its title.
    Title,
    /// Its title, in the answer to a query: the same table, but JSON with the keys in another order.
    QueriedTitle,
    /// What the query found: in the table instead of the title, in JSON beside it.
    Found,
}

/// A table of records between blank lines.
pub(crate) fn records(rows: &[Row<'_>], telling: Telling, paper: Paper) -> String {
    let last = match telling {
        Telling::Title | Telling::QueriedTitle => "Title",
        Telling::Found => "Value",
    };
    let mut table = Table::new([
        Column::new("UID").color(Color::Green),
        Column::new("Record Type"),
        Column::new(last).color(Color::Yellow),
    ]);
    for Row { record, found } in rows {
        let told = match (telling, found) {
            (Telling::Title | Telling::QueriedTitle, _) => plain(record.title()),
            (Telling::Found, Some(Value::String(text))) => plain(text),
            (Telling::Found, None | Some(Value::Null)) => String::new(),
            (Telling::Found, Some(value)) => json::line(value),
        };
        table.row([plain(record.uid().as_str()), plain(record.kind()), told]);
    }
    format!("\n{}\n", table.render(paper))
}

/// The same records as JSON.
pub(crate) fn records_json(rows: &[Row<'_>], telling: Telling) -> String {
    let object = |Row { record, found }: &Row<'_>| {
        let (uid, title, kind) = (record.uid().as_str(), record.title(), record.kind());
        match telling {
            Telling::Title => json!({"uid": uid, "title": title, "record_type": kind}),
            Telling::QueriedTitle => json!({"uid": uid, "record_type": kind, "title": title}),
            Telling::Found => {
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
pub(crate) fn profiles(profiles: &[Profile<'_>], paper: Paper) -> String {
    let mut table = Table::new([
        Column::new("Active").centred().color(Color::Red),
        Column::new("Profile").color(Color::Yellow),
    ]);
    for profile in profiles {
        let mark = if profile.is_active { "*" } else { "" };
        table.row([mark.to_owned(), plain(profile.name)]);
    }
    format!("\n{}\n", table.render(paper))
}

/// The same profiles as JSON, on one line.
pub(crate) fn profiles_json(profiles: &[Profile<'_>]) -> String {
    let object = |profile: &Profile<'_>| json!({"active": profile.is_active, "name": profile.name});
    json::line(&profiles.iter().map(object).collect::<Vec<_>>())
}
