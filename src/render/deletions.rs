//! The answers of `secret delete` (compatibility 9.5) and `folder delete` (10).

use ksm::json;
use ksm::vault::Deletion;
use serde_json::{Value, json};

use super::paint::{Color, plain};
use super::table::{Column, Layout, Table};

/// A table between blank lines.
pub(crate) fn deletions(deletions: &[Deletion], layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("UID").color(Color::Green),
        Column::new("Response Code").color(Color::Yellow),
        Column::new("Error").color(Color::Red).wraps(),
    ]);
    for deletion in deletions {
        let message = deletion.message.as_deref().unwrap_or_default();
        table.row([&deletion.uid, &deletion.code, message].map(plain));
    }
    format!("\n{}\n", table.render(layout))
}

pub(crate) fn deletions_json(deletions: &[Deletion]) -> String {
    let object = |deletion: &Deletion| -> Value {
        json!({"uid": deletion.uid, "responseCode": deletion.code, "error": deletion.message})
    };
    json::pretty(&deletions.iter().map(object).collect::<Vec<_>>())
}
