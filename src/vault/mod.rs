//! Records.
pub mod uid;
