//! Access on Windows: who may do what is said by lists, and what we make has one of its own from before its content.

mod list;
#[cfg(windows)]
mod windows;

#[cfg(windows)]
pub(super) use list::Everybody;
#[cfg(windows)]
pub(super) use windows::{close_directory, create, facts, keep, look};
