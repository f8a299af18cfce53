//! The answer of `secret update --dry-run`: a record before and after, secrets hidden.

use ksm::json;
use ksm::sensitive::SensitiveJson;
use ksm::vault::Record;
use ksm::vault::field::Field;
use ksm::vault::section::FieldSection;
use serde_json::{Value, json};

use super::Answer;
use super::mask::masked;
use super::paint::Color;
use super::table::{Column, Layout, Table};

struct Change {
    /// In the words of notations.
    what: &'static str,
    name: String,
    /// `None` for a field that does not exist yet.
    before: Option<SensitiveJson>,
    after: SensitiveJson,
}

/// A record before and after an update that was not sent.
pub(crate) struct Changes<'r> {
    pub(crate) before: &'r Record,
    pub(crate) after: &'r Record,
}

impl Answer for Changes<'_> {
    fn table(&self, layout: Layout) -> String {
        let mut table = Table::new([
            Column::new("What"),
            Column::new("Name").color(Color::Green),
            Column::new("Before").color(Color::Yellow).wraps(),
            Column::new("After").color(Color::Yellow).wraps(),
        ]);
        for change in list(self.before, self.after) {
            let before = change.before.as_ref().map(text).unwrap_or_default();
            table.row([change.what, &change.name, &before, &text(&change.after)]);
        }
        table.framed(layout)
    }

    fn json(&self) -> String {
        let object = |change: Change| -> Value {
            json!({
                "what": change.what,
                "name": change.name,
                "before": change.before.as_ref().map(SensitiveJson::expose),
                "after": change.after.expose(),
            })
        };
        let changes = list(self.before, self.after).into_iter().map(object);
        let changes: Vec<_> = changes.collect();
        let all = json!({"uid": self.before.uid().as_str(), "changes": changes});
        json::pretty(SensitiveJson::new(all).expose())
    }
}

fn list(before: &Record, after: &Record) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut whole = |what, before: Option<&str>, after: Option<&str>| {
        if before != after {
            changes.push(Change {
                what,
                name: String::new(),
                before: before.map(|text| SensitiveJson::new(text.into())),
                after: SensitiveJson::new(after.into()),
            });
        }
    };
    whole("title", Some(before.title()), Some(after.title()));
    whole("notes", before.notes(), after.notes());
    for (section, what) in [
        (FieldSection::Standard, "field"),
        (FieldSection::Custom, "custom_field"),
    ] {
        let known = before.fields(section);
        for (index, field) in after.fields(section).iter().enumerate() {
            let old = known.get(index);
            if old.is_none_or(|old| old.value() != field.value()) {
                changes.push(Change {
                    what,
                    name: field.name().to_owned(),
                    before: old.map(shown),
                    after: shown(field),
                });
            }
        }
    }
    changes
}

fn shown(field: &Field) -> SensitiveJson {
    let hidden = masked(field.kind(), field.value());
    SensitiveJson::new(hidden.unwrap_or_else(|| field.value().clone()))
}

/// A single text as it is, nothing for an empty list, and JSON for anything else.
fn text(value: &SensitiveJson) -> String {
    match value.expose() {
        Value::String(text) => text.clone(),
        Value::Array(items) => match items.as_slice() {
            [] => String::new(),
            [Value::String(text)] => text.clone(),
            _ => json::line(value.expose()),
        },
        value => json::line(value),
    }
}
