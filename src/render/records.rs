//! The answer of `secret list` (compatibility 7).

use std::borrow::Cow;

use ksm::json;
use ksm::vault::Heading;
use serde_json::{Value, json};

use super::Answer;
use super::paint::Color;
use super::table::{Column, Layout, Table};

#[derive(Clone, Copy, Debug)]
pub(crate) struct RecordRow<'r> {
    pub(crate) record: Heading<'r>,
    /// The result of a query in it.
    pub(crate) found: Option<&'r Value>,
}

/// The column besides UID and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListContent {
    Title,
    /// The same table as `Title`, but JSON with the keys in another order.
    QueriedTitle,
    /// In the table instead of the title, in JSON beside it.
    Found,
}

#[derive(Debug)]
pub(crate) struct RecordList<R> {
    pub(crate) rows: R,
    pub(crate) content: ListContent,
}

impl<'r, R: Iterator<Item = RecordRow<'r>> + Clone> RecordList<R> {
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.clone().next().is_none()
    }
}

impl<'r, R: Iterator<Item = RecordRow<'r>> + Clone> Answer for RecordList<R> {
    fn table(&self, layout: Layout) -> String {
        let last = match self.content {
            ListContent::Title | ListContent::QueriedTitle => "Title",
            ListContent::Found => "Value",
        };
        let mut table = Table::new([
            Column::new("UID").color(Color::Green),
            Column::new("Record Type"),
            Column::new(last).color(Color::Yellow),
        ]);
        for RecordRow { record, found } in self.rows.clone() {
            let told = match (self.content, found) {
                (ListContent::Title | ListContent::QueriedTitle, _) => record.title.into(),
                (ListContent::Found, Some(Value::String(text))) => text.into(),
                (ListContent::Found, None | Some(Value::Null)) => Cow::default(),
                (ListContent::Found, Some(value)) => Cow::from(json::line(value)),
            };
            table.row([record.uid, record.kind, &told]);
        }
        table.framed(layout)
    }

    fn json(&self) -> String {
        let object = |RecordRow { record, found }: RecordRow<'_>| {
            let Heading {
                uid, title, kind, ..
            } = record;
            match self.content {
                ListContent::Title => json!({"uid": uid, "title": title, "record_type": kind}),
                ListContent::QueriedTitle => {
                    json!({"uid": uid, "record_type": kind, "title": title})
                }
                ListContent::Found => {
                    json!({"uid": uid, "record_type": kind, "title": title, "value": found})
                }
            }
        };
        json::pretty(&self.rows.clone().map(object).collect::<Vec<_>>())
    }
}
