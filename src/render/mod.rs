//! Values to text: tables, JSON, masks. All that is shown of a record is decided here.

mod paint;
mod table;
mod wrap;
