//! Values to text: tables, JSON, masks, pages of the guide. It reads values and requests nothing.

mod banner;
mod changes;
mod check_report;
mod deletions;
mod dry_run;
mod folders;
#[cfg(test)]
mod golden;
pub(crate) mod interpolation;
mod mask;
mod page;
mod paint;
mod profiles;
mod record;
mod records;
mod settings;
mod sync;
mod table;
mod text;
mod width;
mod wrap;

pub(crate) use banner::banner;
pub(crate) use changes::Changes;
pub(crate) use check_report::{CheckLine, CheckReport, Status, Topic};
pub(crate) use dry_run::{DryRun, DryRunStep, Finding};
pub(crate) use folders::FolderRow;
pub(crate) use mask::Masking;
pub(crate) use page::{CommandPage, Group, Ink, ManPage, Paper, page};
pub(crate) use paint::{Color, Colors};
pub(crate) use profiles::{Profile, ProfileRow};
pub(crate) use record::ShownRecord;
pub(crate) use records::{ListContent, RecordList, RecordRow};
pub(crate) use settings::{ConfigTable, TypeList};
pub(crate) use sync::{SyncReport, SyncRow, SyncView};
pub(crate) use table::Layout;
pub(crate) use text::record;
pub(crate) use wrap::wrap;

/// An answer that is printed as a table, or as JSON with `--json`.
pub(crate) trait Answer {
    fn table(&self, layout: Layout) -> String;
    fn json(&self) -> String;
}
