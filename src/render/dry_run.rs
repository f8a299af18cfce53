//! The answer of `exec --dry-run`, which shows no value.

use ksm::exec::Destination;
use ksm::exec::assignment::PassAs;
use ksm::vault::uid::RecordUid;
use ksm::{foreign, json};
use serde_json::{Value, json};

use super::Answer;
use super::paint::Color;
use super::table::{Column, Layout, Table};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    Found,
    Empty,
    Missing,
    Ambiguous,
    Damaged,
}

impl Finding {
    fn word(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Empty => "empty",
            Self::Missing => "missing",
            Self::Ambiguous => "ambiguous",
            Self::Damaged => "damaged",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct DryRunStep {
    pub(crate) destination: Destination,
    /// The title of the record, or its name in the notation if there is none.
    pub(crate) record: String,
    pub(crate) uid: Option<RecordUid>,
    pub(crate) target: String,
    pub(crate) finding: Finding,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct DryRun {
    pub(crate) steps: Vec<DryRunStep>,
    pub(crate) requests: usize,
    pub(crate) downloads: usize,
}

impl Answer for DryRun {
    /// Followed by the number of requests.
    fn table(&self, layout: Layout) -> String {
        let asked = format!(
            "{}, {}\n",
            counted(self.requests, "request"),
            counted(self.downloads, "download")
        );
        if self.steps.is_empty() {
            return asked;
        }
        let mut table = Table::new([
            Column::new("Destination").color(Color::Green),
            Column::new("Record").color(Color::Yellow),
            Column::new("Field"),
            Column::new("Result").ruled_whole(),
        ]);
        for step in &self.steps {
            table.row([
                &foreign::line(&called(&step.destination)),
                &foreign::line(&step.record),
                &foreign::line(&step.target),
                step.finding.word(),
            ]);
        }
        table.framed(layout) + &asked
    }

    fn json(&self) -> String {
        let references: Vec<Value> = self.steps.iter().map(DryRunStep::json).collect();
        json::pretty(&json!({
            "references": references,
            "requests": self.requests,
            "downloads": self.downloads,
        }))
    }
}

impl DryRunStep {
    fn json(&self) -> Value {
        let (kind, name, form) = match &self.destination {
            Destination::Variable(name, form) => {
                ("variable", json!(name.to_string_lossy()), word(*form))
            }
            Destination::Argument(place, _) => ("argument", json!(place + 1), "value"),
            Destination::File(path) => ("file", json!(path.to_string_lossy()), "file"),
        };
        json!({
            kind: name,
            "as": form,
            "record": self.record,
            "uid": self.uid.as_ref().map(RecordUid::as_str),
            "field": self.target,
            "result": self.finding.word(),
        })
    }
}

fn word(form: PassAs) -> &'static str {
    match form {
        PassAs::Value => "value",
        PassAs::File => "file",
        PassAs::MemoryFile => "memory file",
    }
}

fn called(destination: &Destination) -> String {
    match destination {
        Destination::Variable(name, PassAs::Value) => name.display().to_string(),
        Destination::Variable(name, form) => format!("{} ({})", name.display(), word(*form)),
        Destination::Argument(place, _) => format!("argument {}", place + 1),
        Destination::File(path) => path.display().to_string(),
    }
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
