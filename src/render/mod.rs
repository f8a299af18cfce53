//! Values to text: tables, JSON, masks. All that is shown of a record is decided here.

mod changes;
mod check_report;
mod folders;
#[cfg(test)]
mod golden;
mod list;
mod mask;
mod outcomes;
mod paint;
mod plan;
mod profiles;
mod record;
mod settings;
mod table;
mod text;
mod wrap;

pub(crate) use changes::{changes, changes_json};
pub(crate) use check_report::{CheckLine, check_report};
pub(crate) use folders::{FolderRow, folders, folders_json};
pub(crate) use list::{
    ListContent, Profile, RecordRow, profiles, profiles_json, records, records_json,
};
pub(crate) use mask::Masking;
pub(crate) use outcomes::{outcomes, outcomes_json};
pub(crate) use paint::Color;
pub(crate) use plan::{DryRun, DryRunStep, Finding};
pub(crate) use profiles::{ProfileRow, profiles_long, profiles_long_json};
pub(crate) use record::ShownRecord;
pub(crate) use settings::{Settings, names, settings, settings_json};
pub(crate) use table::Layout;
pub(crate) use text::record;
