//! The lines of a check: one for everything that has to be right, in the order in which things go wrong.

use std::fmt;

use serde::Serialize;

use crate::failure::{Code, Failure};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Topic {
    Store,
    Profile,
    Network,
    Tls,
    Clock,
    Server,
}

/// In the order of a check.
const TOPICS: [(Topic, &str); 6] = [
    (Topic::Store, "store"),
    (Topic::Profile, "profile"),
    (Topic::Network, "network"),
    (Topic::Tls, "TLS"),
    (Topic::Clock, "clock"),
    (Topic::Server, "server"),
];

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = TOPICS.iter().find(|(topic, _)| topic == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Ok,
    Warning,
    Failed,
    /// Something before it failed.
    Skipped,
}

#[derive(Debug, Serialize)]
pub(super) struct Line {
    #[serde(rename = "check")]
    pub(super) topic: Topic,
    pub(super) status: Status,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    #[serde(skip)]
    pub(super) code: Option<Code>,
}

#[derive(Debug, Default)]
pub(super) struct Checklist(Vec<Line>);

impl Checklist {
    pub(super) fn fine(&mut self, topic: Topic, message: impl Into<String>) {
        self.push(topic, Status::Ok, message.into(), None);
    }

    pub(super) fn warn(&mut self, topic: Topic, message: impl Into<String>, hint: Option<&str>) {
        self.push(
            topic,
            Status::Warning,
            message.into(),
            hint.map(ToOwned::to_owned),
        );
    }

    /// A failure becomes a line and ends the list.
    pub(super) fn passed<T>(
        &mut self,
        topic: Topic,
        result: Result<T, impl Into<Failure>>,
    ) -> Option<T> {
        match result.map_err(Into::into) {
            Ok(value) => Some(value),
            Err(failure) => {
                let failure: Failure = failure;
                let hint = failure.advice().map(ToOwned::to_owned);
                self.push(topic, Status::Failed, failure.reason(), hint);
                if let Some(line) = self.0.last_mut() {
                    line.code = Some(failure.code());
                }
                None
            }
        }
    }

    /// Adds a line for everything that could not be looked at.
    pub(super) fn complete(mut self) -> Vec<Line> {
        for (topic, _) in TOPICS {
            if !self.0.iter().any(|line| line.topic == topic) {
                let before = "not checked: what comes before has to work first";
                self.push(topic, Status::Skipped, before.to_owned(), None);
            }
        }
        self.0
    }

    fn push(&mut self, topic: Topic, status: Status, message: String, hint: Option<String>) {
        self.0.push(Line {
            topic,
            status,
            message,
            hint,
            code: None,
        });
    }
}
