//! A record as text (compatibility 8.1).

use std::borrow::Cow;
use std::collections::HashSet;

use ksm::{foreign, json};
use serde_json::Value;

use super::paint::Color;
use super::record::{ShownField, ShownRecord, ShownValue};
use super::table::{Align, Column, Layout, Table};

/// Begins and ends with a blank line.
pub(crate) fn record(record: &ShownRecord<'_>, layout: Layout) -> String {
    let heading = |name: &str, value: &str| {
        let value = foreign::line(value);
        format!(
            " {name}: {}\n",
            layout.colors.paint(&value, Some(Color::Yellow))
        )
    };
    let mut text = String::from("\n");
    text += &heading("Record", record.uid);
    text += &heading("Title", record.title);
    text += &heading("Record Type", record.kind);
    text += &section(&standard(record, layout));
    if !record.custom.is_empty() {
        text += &section(&custom(record, layout));
    }
    if !record.files.is_empty() {
        text += &section(&files(record, layout));
    }
    if !record.links.is_empty() {
        text += &section(&links(record, layout));
    }
    layout.colors.finish(text + "\n")
}

fn section(text: &str) -> String {
    format!("\n{text}")
}

fn standard(record: &ShownRecord<'_>, layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("Field").color(Color::Green),
        Column::new("Value").color(Color::Yellow).wraps(),
    ]);
    for field in &record.fields {
        if let Some(value) = cell(field) {
            add(&mut table, [field.name, &value], field, layout);
        }
    }
    table.render(layout) + "\n"
}

fn custom(record: &ShownRecord<'_>, layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("Custom Field").color(Color::Green),
        Column::new("Type"),
        Column::new("Value").color(Color::Yellow).wraps(),
    ]);
    let mut seen = HashSet::new();
    let mut repeated = Vec::new();
    for field in &record.custom {
        let Some(value) = cell(field) else {
            continue;
        };
        let mut name = Cow::from(field.name);
        if !seen.insert(field.name) {
            repeated.push(foreign::line(field.name));
            name += " (!!)";
        }
        let kind = field.kind.unwrap_or_default();
        add(&mut table, [&name, kind, &value], field, layout);
    }
    let mut text = table.render(layout) + "\n";
    if !repeated.is_empty() {
        // The missing blank is the official one's.
        text += &format!(
            " !! Found duplicate labels ({}). When accessing custom fields the first record found willbe returned.\n",
            repeated.join(",")
        );
    }
    text
}

fn files(record: &ShownRecord<'_>, layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("File Name").color(Color::Green).wraps(),
        Column::new("Type"),
        Column::new("Size").align(Align::Right),
        Column::new("File UID"),
    ]);
    for file in &record.files {
        let size = file.size.map(|size| size.to_string()).unwrap_or_default();
        table.row([file.title, file.kind.unwrap_or_default(), &size, file.uid]);
    }
    table.render(layout) + "\n"
}

fn links(record: &ShownRecord<'_>, layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("Linked Record UID").color(Color::Green),
        Column::new("Path").color(Color::Yellow),
        Column::new("Link Data").color(Color::Yellow).wraps(),
    ]);
    for link in &record.links {
        let mut uid = Cow::from(link.record_uid);
        if link.record_uid == record.uid {
            uid += " (self)";
        }
        let data = link.decoded.map(json::line).unwrap_or_default();
        table.row([&uid, link.path.unwrap_or_default(), &data]);
    }
    table.render(layout) + "\n"
}

fn add<const N: usize>(
    table: &mut Table<N>,
    cells: [&str; N],
    field: &ShownField<'_>,
    layout: Layout,
) {
    match field.value {
        ShownValue::Masked(_) => table.masked_row(cells, layout.colors),
        ShownValue::Own(_) | ShownValue::Inflated(_) => table.row(cells),
    }
}

/// A single text with its line breaks spelled out, and JSON for anything else; `None` for an empty value.
fn cell(field: &ShownField<'_>) -> Option<String> {
    if field.is_damaged {
        return Some("(damaged)".to_owned());
    }
    match field.value.value() {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(values) => match values.as_slice() {
            [] => None,
            [Value::String(text)] if text.is_empty() => None,
            [Value::String(text)] => Some(text.replace('\n', "\\n")),
            values => Some(json::line(&values)),
        },
        value => Some(json::line(value)),
    }
}
