//! The report of `sync`, which is JSON (compatibility 14).

use ksm::json;
use ksm::sensitive::{Sensitive, SensitiveJson};
use ksm::sync::plan::{Action, Finding, Item, Source};
use serde_json::{Map, Value, json};

pub(crate) struct SyncReport<'i> {
    pub(crate) view: SyncView,
    pub(crate) rows: Vec<SyncRow<'i>>,
    pub(crate) log: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SyncView {
    /// The values of the vault.
    Values,
    /// What would be done, without values.
    Plan,
    /// What was done: how much, and what failed.
    Done,
}

pub(crate) struct SyncRow<'i> {
    pub(crate) item: &'i Item,
    /// None where no store was asked, or it did not tell.
    pub(crate) finding: Option<Finding>,
    pub(crate) error: Option<String>,
}

impl SyncReport<'_> {
    pub(crate) fn failed(&self) -> usize {
        self.rows.iter().filter(|row| row.error.is_some()).count()
    }

    pub(crate) fn json(&self) -> Sensitive<String> {
        let mut report = Map::new();
        let shown = self.rows.iter().filter(|row| match self.view {
            SyncView::Values | SyncView::Plan => true,
            SyncView::Done => row.error.is_some(),
        });
        let shown: Vec<_> = shown.map(|row| row.json(self.view)).collect();
        if self.view != SyncView::Done || !shown.is_empty() {
            report.insert("data".to_owned(), shown.into());
        }
        report.insert("log".to_owned(), json!(self.log));
        report.insert("status".to_owned(), self.status());
        let report = SensitiveJson::new(report.into());
        Sensitive::new(json::indented(report.expose(), 2))
    }

    fn status(&self) -> Value {
        let mut status = Map::new();
        status.insert("processed".to_owned(), json!(self.rows.len()));
        status.insert("failed".to_owned(), json!(self.failed()));
        if self.view == SyncView::Done {
            for (action, name) in [
                (Action::Create, "created"),
                (Action::Update, "updated"),
                (Action::Delete, "deleted"),
                (Action::Keep, "kept"),
            ] {
                let done = self.rows.iter().filter(|row| {
                    let finding = row.finding.as_ref();
                    row.error.is_none() && finding.is_some_and(|finding| finding.action == action)
                });
                status.insert(name.to_owned(), json!(done.count()));
            }
        }
        status.into()
    }
}

impl SyncRow<'_> {
    fn json(&self, view: SyncView) -> Value {
        let value = match (view, &self.item.source) {
            (SyncView::Values, Source::Text(text)) => json!(text.expose()),
            (SyncView::Values, Source::Document(document)) => document.expose().clone(),
            (SyncView::Values, Source::Missing | Source::Unusable(_))
            | (SyncView::Plan | SyncView::Done, _) => Value::Null,
        };
        let mut row = Map::new();
        row.insert("mapKey".to_owned(), json!(self.item.key));
        row.insert("mapNotation".to_owned(), json!(self.item.origin));
        row.insert("srcValue".to_owned(), value);
        row.insert("dstValue".to_owned(), Value::Null);
        if let (SyncView::Plan, Some(finding)) = (view, &self.finding) {
            row.insert("dstExists".to_owned(), json!(finding.exists));
            row.insert("dstDiffers".to_owned(), json!(finding.differs));
        }
        if let Some(finding) = &self.finding {
            row.insert("action".to_owned(), json!(finding.action.word()));
        }
        if let Some(error) = &self.error {
            row.insert("error".to_owned(), json!(error));
        }
        row.into()
    }
}
