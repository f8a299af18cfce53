//! The answers of `profile list` (compatibility 5.3), and with `--long` the location of each profile and its keys.

use ksm::json;
use serde::Serialize;

use super::Answer;
use super::paint::Color;
use super::table::{Align, Column, Layout, Table};

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Profile<'p> {
    #[serde(rename = "active")]
    pub(crate) is_active: bool,
    pub(crate) name: &'p str,
}

impl Answer for [Profile<'_>] {
    fn table(&self, layout: Layout) -> String {
        let mut table = Table::new([
            Column::new("Active").align(Align::Center).color(Color::Red),
            Column::new("Profile").color(Color::Yellow),
        ]);
        for profile in self {
            let mark = if profile.is_active { "*" } else { "" };
            table.row([mark, profile.name]);
        }
        table.framed(layout)
    }

    fn json(&self) -> String {
        json::line(&self)
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct ProfileRow {
    /// Whether this run would use it.
    #[serde(rename = "active")]
    pub(crate) is_active: bool,
    pub(crate) name: String,
    /// The location of its name.
    #[serde(rename = "store")]
    pub(crate) place: String,
    /// The kind of store that has its keys, as `Store::storage` tells it; `unknown` where that is not known.
    pub(crate) storage: &'static str,
    /// The location of its keys.
    pub(crate) keys: String,
    /// The vault's host, if it is known without asking another service.
    pub(crate) host: Option<String>,
    /// The reason why it is active, or the store that hides it.
    pub(crate) why: Option<String>,
}

impl Answer for [ProfileRow] {
    fn table(&self, layout: Layout) -> String {
        let mut table = Table::new([
            Column::new("Active").align(Align::Center).color(Color::Red),
            Column::new("Profile").color(Color::Yellow),
            Column::new("Store"),
            Column::new("Keys"),
            Column::new("Host"),
            Column::new("Why").ruled_whole(),
        ]);
        for profile in self {
            let mark = if profile.is_active { "*" } else { "" };
            let keys = match profile.storage {
                "internal" => "beside it",
                _ => &profile.keys,
            };
            let host = profile.host.as_deref().unwrap_or_default();
            let why = profile.why.as_deref().unwrap_or_default();
            table.row([mark, &profile.name, &profile.place, keys, host, why]);
        }
        table.framed(layout)
    }

    fn json(&self) -> String {
        json::line(&self)
    }
}
