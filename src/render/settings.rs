//! The answer of `config show` (compatibility 6), and the lists of types (9.3).

use ksm::json;
use serde::Serialize;

use super::Answer;
use super::paint::Color;
use super::table::{Column, Layout, Table};

const UNSET: &str = "-NOT SET-";

#[derive(Debug, Serialize)]
pub(crate) struct ConfigTable<'s> {
    pub(crate) active_profile: Option<&'s str>,
    pub(crate) cache: bool,
    pub(crate) color: bool,
    pub(crate) record_type_dir: Option<&'s str>,
    pub(crate) editor: Option<&'s str>,
    pub(crate) editor_use_blocking: bool,
    pub(crate) editor_process_name: Option<&'s str>,
}

impl<'s> Answer for ConfigTable<'s> {
    fn table(&self, layout: Layout) -> String {
        let text = |value: Option<&'s str>| value.unwrap_or(UNSET);
        let flag = |on: bool| if on { "True" } else { "False" };
        let editor = format!("{} ({})", text(self.editor), text(self.editor_process_name));
        let mut table = Table::new([
            Column::new("Config Item").color(Color::Green),
            Column::new("Value").color(Color::Yellow).wraps(),
        ]);
        for (name, value) in [
            ("Active Profile", text(self.active_profile)),
            ("Cache Enabled", flag(self.cache)),
            ("Color Enabled", flag(self.color)),
            ("Record Type Directory", text(self.record_type_dir)),
            ("Editor", &editor),
            ("Editor Blocking", flag(self.editor_use_blocking)),
        ] {
            table.row([name, value]);
        }
        table.render(layout)
    }

    fn json(&self) -> String {
        json::pretty(self)
    }
}

/// The names of record or field types.
#[derive(Debug)]
pub(crate) struct TypeList<'n> {
    pub(crate) title: &'static str,
    pub(crate) names: Vec<&'n str>,
}

impl Answer for TypeList<'_> {
    fn table(&self, layout: Layout) -> String {
        let mut table = Table::new([Column::new(self.title).color(Color::Green).wraps()]);
        for name in &self.names {
            table.row([name]);
        }
        table.render(layout)
    }

    fn json(&self) -> String {
        json::pretty(&self.names)
    }
}
