//! The answers of `profile list` (compatibility 5.3), and with `--long` the location of each profile and its keys.

use ksm::json;
use serde_json::json;

use super::Answer;
use super::paint::Color;
use super::table::{Align, Column, Layout, Table};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Profile<'p> {
    pub(crate) name: &'p str,
    pub(crate) is_active: bool,
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
        let object =
            |profile: &Profile<'_>| json!({"active": profile.is_active, "name": profile.name});
        json::line(&self.iter().map(object).collect::<Vec<_>>())
    }
}

#[derive(Debug)]
pub(crate) struct ProfileRow {
    pub(crate) name: String,
    /// Whether this run would use it.
    pub(crate) is_active: bool,
    /// The reason why it is active, or the store that hides it.
    pub(crate) why: Option<String>,
    /// The location of its name.
    pub(crate) place: String,
    /// The kind of store that has its keys, as `Store::storage` tells it; `unknown` where that is not known.
    pub(crate) storage: &'static str,
    /// The location of its keys.
    pub(crate) keys: String,
    /// The vault's host, if it is known without asking another service.
    pub(crate) host: Option<String>,
}

impl Answer for [ProfileRow] {
    fn table(&self, layout: Layout) -> String {
        let mut table = Table::new([
            Column::new("Active").align(Align::Center).color(Color::Red),
            Column::new("Profile").color(Color::Yellow),
            Column::new("Store"),
            Column::new("Keys"),
            Column::new("Host"),
            Column::new("Why"),
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
        let object = |profile: &ProfileRow| {
            json!({
                "active": profile.is_active,
                "name": profile.name,
                "store": profile.place,
                "storage": profile.storage,
                "keys": profile.keys,
                "host": profile.host,
                "why": profile.why,
            })
        };
        json::line(&self.iter().map(object).collect::<Vec<_>>())
    }
}
