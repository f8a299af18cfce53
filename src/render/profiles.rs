//! The answers of `profile list --long`: where each profile and its keys are.

use ksm::json;
use serde_json::json;

use super::paint::{Color, plain};
use super::table::{Column, Layout, Table};

/// A profile, and where it rests.
#[derive(Debug)]
pub(crate) struct ProfileRow {
    pub(crate) name: String,
    /// Whether this run would use it.
    pub(crate) is_active: bool,
    /// What made it so, or what hides it.
    pub(crate) why: Option<String>,
    /// Where its name is.
    pub(crate) place: String,
    /// `internal`, `keyring` or `aws`.
    pub(crate) storage: &'static str,
    /// Where its keys are.
    pub(crate) keys: String,
    /// The vault's host, where that can be told without asking others.
    pub(crate) host: Option<String>,
}

/// A table between blank lines.
pub(crate) fn profiles_long(profiles: &[ProfileRow], layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("Active").centred().color(Color::Red),
        Column::new("Profile").color(Color::Yellow),
        Column::new("Store"),
        Column::new("Keys"),
        Column::new("Host"),
        Column::new("Why"),
    ]);
    for profile in profiles {
        let mark = if profile.is_active { "*" } else { "" };
        let text = |text: &Option<String>| plain(text.as_deref().unwrap_or_default());
        table.row([
            mark.to_owned(),
            plain(&profile.name),
            plain(&profile.place),
            match profile.storage {
                "internal" => "beside it".to_owned(),
                _ => plain(&profile.keys),
            },
            text(&profile.host),
            text(&profile.why),
        ]);
    }
    format!("\n{}\n", table.render(layout))
}

/// The same as JSON on one line; the official keys go first.
pub(crate) fn profiles_long_json(profiles: &[ProfileRow]) -> String {
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
    json::line(&profiles.iter().map(object).collect::<Vec<_>>())
}
