//! The answers of `secret delete` (compatibility 9.5) and `folder delete` (10).

use ksm::json;
use ksm::vault::Deletion;
use serde_json::{Value, json};

use super::Answer;
use super::paint::Color;
use super::table::{Column, Layout, Table};

impl Answer for [Deletion] {
    fn table(&self, layout: Layout) -> String {
        let mut table = Table::new([
            Column::new("UID").color(Color::Green),
            Column::new("Response Code").color(Color::Yellow),
            Column::new("Error").color(Color::Red).wraps(),
        ]);
        for deletion in self {
            let message = deletion.message.as_deref().unwrap_or_default();
            table.row([&deletion.uid, &deletion.code, message]);
        }
        table.framed(layout)
    }

    fn json(&self) -> String {
        let object = |deletion: &Deletion| -> Value {
            json!({"uid": deletion.uid, "responseCode": deletion.code, "error": deletion.message})
        };
        json::pretty(&self.iter().map(object).collect::<Vec<_>>())
    }
}
