//! The lines of a check: one for everything that has to be right, in the order in which things go wrong.

use crate::failure::{Code, Failure};
use crate::render::{CheckLine, Status, Topic};

#[derive(Debug, Default)]
pub(super) struct Checklist {
    lines: Vec<CheckLine>,
    /// The failure that ended the list.
    pub(super) failed: Option<(Topic, Code)>,
}

impl Checklist {
    pub(super) fn fine(&mut self, topic: Topic, message: impl Into<String>) {
        self.push(topic, Status::Ok, message.into(), None);
    }

    pub(super) fn warn(&mut self, topic: Topic, message: impl Into<String>, hint: Option<&str>) {
        self.push(topic, Status::Warning, message.into(), hint);
    }

    /// A failure becomes a line and ends the list.
    pub(super) fn passed<T>(
        &mut self,
        topic: Topic,
        result: Result<T, impl Into<Failure>>,
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                let failure: Failure = failure.into();
                self.lines.push(CheckLine {
                    topic,
                    status: Status::Failed,
                    message: failure.reason(),
                    lines: failure.lines(),
                    hint: failure.advice().map(str::to_owned),
                });
                self.failed = Some((topic, failure.code()));
                None
            }
        }
    }

    /// Adds a line for everything that could not be looked at.
    pub(super) fn complete(mut self) -> Vec<CheckLine> {
        for (topic, _) in Topic::ALL {
            if !self.lines.iter().any(|line| line.topic == topic) {
                let before = "not checked: what comes before has to work first";
                self.push(topic, Status::Skipped, before.to_owned(), None);
            }
        }
        self.lines
    }

    fn push(&mut self, topic: Topic, status: Status, message: String, hint: Option<&str>) {
        self.lines.push(CheckLine {
            topic,
            status,
            lines: vec![message.clone()],
            message,
            hint: hint.map(str::to_owned),
        });
    }
}
