//! The answers of `secret delete` (compatibility 9.5) and `folder delete` (10).

use ksm::json;
use ksm::vault::Deletion;
use serde_json::{Value, json};

use super::paint::{Color, plain};
use super::table::{Column, Layout, Table};

/// A table of what became of each thing, between blank lines.
pub(crate) fn outcomes(outcomes: &[Deletion], layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("UID").color(Color::Green),
        Column::new("Response Code").color(Color::Yellow),
        Column::new("Error").color(Color::Red).wraps(),
    ]);
    for outcome in outcomes {
        let message = outcome.message.as_deref().unwrap_or_default();
        table.row([&outcome.uid, &outcome.code, message].map(plain));
    }
    format!("\n{}\n", table.render(layout))
}

/// The same as JSON.
pub(crate) fn outcomes_json(outcomes: &[Deletion]) -> String {
    let object = |outcome: &Deletion| -> Value {
        json!({"uid": outcome.uid, "responseCode": outcome.code, "error": outcome.message})
    };
    json::pretty(&outcomes.iter().map(object).collect::<Vec<_>>())
}
