//! Values to text: tables, JSON, masks. It reads values and requests nothing.

mod changes;
mod check_report;
mod deletions;
mod dry_run;
mod folders;
#[cfg(test)]
mod golden;
pub(crate) mod interpolation;
mod mask;
mod paint;
mod profiles;
mod record;
mod records;
mod settings;
mod table;
mod text;
mod wrap;

pub(crate) use changes::{changes, changes_json};
pub(crate) use check_report::{CheckLine, check_report};
pub(crate) use deletions::{deletions, deletions_json};
pub(crate) use dry_run::{DryRun, DryRunStep, Finding};
pub(crate) use folders::{FolderRow, folders, folders_json};
pub(crate) use mask::Masking;
pub(crate) use paint::Color;
pub(crate) use profiles::{
    Profile, ProfileRow, profiles, profiles_json, profiles_long, profiles_long_json,
};
pub(crate) use record::ShownRecord;
pub(crate) use records::{ListContent, RecordRow, records, records_json};
pub(crate) use settings::{ConfigTable, names, settings, settings_json};
pub(crate) use table::Layout;
pub(crate) use text::record;
