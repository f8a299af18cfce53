//! A record as text (compatibility 8.1).

use std::collections::HashSet;

use ksm::json;
use serde_json::Value;

use super::mask::MARK;
use super::paint::{Color, Colors, plain, plain_line};
use super::record::{ShownField, ShownRecord, ShownValue};
use super::table::{Column, Layout, Table};

/// Begins and ends with a blank line.
pub(crate) fn record(record: &ShownRecord<'_>, layout: Layout) -> String {
    let heading = |name: &str, value: &str| {
        let value = plain_line(value);
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
        if let Some(value) = cell(field, layout.colors) {
            table.row([plain(field.name), value]);
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
        let Some(value) = cell(field, layout.colors) else {
            continue;
        };
        let mut name = plain(field.name);
        if !seen.insert(field.name) {
            repeated.push(plain_line(field.name));
            name += " (!!)";
        }
        table.row([name, plain(field.kind.unwrap_or_default()), value]);
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
        Column::new("Size").right(),
        Column::new("File UID"),
    ]);
    for file in &record.files {
        let size = file.size.map(|size| size.to_string()).unwrap_or_default();
        table.row([
            plain(file.title),
            plain(file.kind.unwrap_or_default()),
            size,
            plain(file.uid),
        ]);
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
        let own = if link.record_uid == record.uid {
            " (self)"
        } else {
            ""
        };
        let data = link.decoded.map(json::line).unwrap_or_default();
        table.row([
            plain(link.record_uid) + own,
            plain(link.path.unwrap_or_default()),
            data,
        ]);
    }
    table.render(layout) + "\n"
}

/// A single text with its line breaks spelled out, and JSON for anything else; `None` for an empty value.
fn cell(field: &ShownField<'_>, colors: Colors) -> Option<String> {
    let value = field.value.value();
    let text = match value {
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::Array(values) => match values.as_slice() {
            [] => return None,
            [Value::String(text)] if text.is_empty() => return None,
            [Value::String(text)] => plain_line(text),
            _ => json::line(value),
        },
        _ => json::line(value),
    };
    Some(match field.value {
        ShownValue::Masked(_) => colors.mark(&text, MARK),
        ShownValue::Own(_) | ShownValue::Inflated(_) => text,
    })
}
