//! `keeper.ini` as a document of lines: its parts, the dialect, and changes to it.

mod document;
mod edit;
mod parse;

pub use document::{Document, Error, SETTINGS};
