//! The answer of `profile check`.

use std::fmt;

use ksm::{foreign, json};
use serde::Serialize;

use super::Answer;
use super::paint::Color;
use super::table::Layout;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Topic {
    Store,
    Profile,
    Network,
    Tls,
    Clock,
    Server,
}

impl Topic {
    /// In the order of a check, with their names.
    pub(crate) const ALL: [(Self, &str); 6] = [
        (Self::Store, "store"),
        (Self::Profile, "profile"),
        (Self::Network, "network"),
        (Self::Tls, "TLS"),
        (Self::Clock, "clock"),
        (Self::Server, "server"),
    ];
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(topic, _)| topic == self);
        f.pad(name.map_or("", |(_, name)| name))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Ok,
    Warning,
    Failed,
    /// Something before it failed.
    Skipped,
}

#[derive(Debug, Serialize)]
pub(crate) struct CheckLine {
    #[serde(rename = "check")]
    pub(crate) topic: Topic,
    pub(crate) status: Status,
    pub(crate) message: String,
    /// The message as a table shows it.
    #[serde(skip)]
    pub(crate) lines: Vec<String>,
    pub(crate) hint: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct CheckReport {
    /// `None` where there is no profile to look at.
    pub(crate) profile: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) checks: Vec<CheckLine>,
}

impl Answer for [CheckReport] {
    /// A title, and a line for each finding, after a blank line.
    fn table(&self, layout: Layout) -> String {
        self.iter().map(|report| text(report, layout)).collect()
    }

    fn json(&self) -> String {
        json::pretty(&self)
    }
}

fn text(report: &CheckReport, layout: Layout) -> String {
    let title = match (&report.profile, &report.place) {
        (Some(name), Some(place)) => format!("Profile {name} in {place}"),
        (Some(name), None) => format!("Profile {name}"),
        (None, _) => "No profile".to_owned(),
    };
    let mut text = format!("\n {}\n", foreign::message(&title));
    for line in &report.checks {
        let (word, color) = match line.status {
            Status::Ok => ("ok", Some(Color::Green)),
            Status::Warning => ("warning", Some(Color::Yellow)),
            Status::Failed => ("failed", Some(Color::Red)),
            Status::Skipped => ("skipped", None),
        };
        // The color sequences have no width.
        let gap = " ".repeat(9 - word.len());
        let word = layout.colors.paint(word, color);
        let mut said = line.lines.iter().map(|line| foreign::message(line));
        let (topic, first) = (line.topic, said.next().unwrap_or_default());
        text += &format!(" {word}{gap}{topic:<9}{first}\n");
        text.extend(said.map(|said| format!("{:19}{said}\n", "")));
        if let Some(hint) = &line.hint {
            text += &format!("{:19}try: {}\n", "", foreign::message(hint));
        }
    }
    layout.colors.finish(text)
}
