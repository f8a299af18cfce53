//! Values to text: tables, JSON, masks. All that is shown of a record is decided here.

#[cfg(test)]
mod golden;
mod list;
mod mask;
mod paint;
mod plan;
mod record;
mod remarks;
mod table;
mod text;
mod wrap;

pub(crate) use list::{Profile, Row, Telling, profiles, profiles_json, records, records_json};
pub(crate) use mask::Masking;
pub(crate) use paint::Colour;
pub(crate) use plan::{Finding, Plan, Step};
pub(crate) use record::{Lookup, Shown, references};
pub(crate) use remarks::{Remark, remarks};
pub(crate) use table::Paper;
pub(crate) use text::record;
