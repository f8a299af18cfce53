//! The answer of `config show` (compatibility 6), and the lists of types (9.3).

use ksm::json;
use serde_json::json;

use super::paint::{Color, plain};
use super::table::{Column, Layout, Table};

const UNSET: &str = "-NOT SET-";

#[derive(Debug)]
pub(crate) struct ConfigTable<'s> {
    pub(crate) active: Option<&'s str>,
    pub(crate) cache: bool,
    pub(crate) color: bool,
    pub(crate) record_type_dir: Option<&'s str>,
    pub(crate) editor: Option<&'s str>,
    pub(crate) editor_process: Option<&'s str>,
    pub(crate) editor_blocking: bool,
}

pub(crate) fn settings(settings: &ConfigTable<'_>, layout: Layout) -> String {
    let text = |value: Option<&str>| plain(value.unwrap_or(UNSET));
    let flag = |on: bool| if on { "True" } else { "False" }.to_owned();
    let editor = format!(
        "{} ({})",
        text(settings.editor),
        text(settings.editor_process)
    );
    let mut table = Table::new([
        Column::new("Config Item").color(Color::Green),
        Column::new("Value").color(Color::Yellow).wraps(),
    ]);
    for (name, value) in [
        ("Active Profile", text(settings.active)),
        ("Cache Enabled", flag(settings.cache)),
        ("Color Enabled", flag(settings.color)),
        ("Record Type Directory", text(settings.record_type_dir)),
        ("Editor", editor),
        ("Editor Blocking", flag(settings.editor_blocking)),
    ] {
        table.row([name.to_owned(), value]);
    }
    table.render(layout)
}

/// A missing setting is `null`.
pub(crate) fn settings_json(settings: &ConfigTable<'_>) -> String {
    json::pretty(&json!({
        "active_profile": settings.active,
        "cache": settings.cache,
        "color": settings.color,
        "record_type_dir": settings.record_type_dir,
        "editor": settings.editor,
        "editor_use_blocking": settings.editor_blocking,
        "editor_process_name": settings.editor_process,
    }))
}

/// A table with one column.
pub(crate) fn names<'n>(
    title: &'static str,
    names: impl Iterator<Item = &'n str>,
    layout: Layout,
) -> String {
    let mut table = Table::new([Column::new(title).color(Color::Green).wraps()]);
    for name in names {
        table.row([plain(name)]);
    }
    table.render(layout)
}
