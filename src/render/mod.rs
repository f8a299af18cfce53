//! Values to text: tables, JSON, masks. All that is shown of a record is decided here.

mod changes;
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
mod remarks;
mod settings;
mod table;
mod text;
mod wrap;

pub(crate) use changes::{changes, changes_json};
pub(crate) use folders::{Entry, folders, folders_json};
pub(crate) use list::{Profile, Row, Telling, profiles, profiles_json, records, records_json};
pub(crate) use mask::Masking;
pub(crate) use outcomes::{outcomes, outcomes_json};
pub(crate) use paint::Color;
pub(crate) use plan::{Finding, Plan, Step};
pub(crate) use profiles::{Resting, resting, resting_json};
pub(crate) use record::{Lookup, Shown, references};
pub(crate) use remarks::{Remark, remarks};
pub(crate) use settings::{Settings, names, settings, settings_json};
pub(crate) use table::Paper;
pub(crate) use text::record;
