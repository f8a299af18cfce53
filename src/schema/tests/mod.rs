#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod properties;
mod records;
mod values;
