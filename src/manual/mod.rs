//! The developer's manual.
//!
//! The pages are Markdown files in `src/manual`, so that they read the same here and on any forge.
//!
//! - [`architecture`]: the path of one command, the layers, and where state lives
//! - [`protocol`]: what goes over the wire, enough to write a client from
//! - [`decisions`]: what was decided, why, and whether the program does it yet (`D1`, `D2` …)
//! - [`promises`]: what the program promises, and against whom (`N1`, `C1`, `F1` …)
//! - [`dependencies`]: what each crate that the package names is for
//! - [`limits`]: how much of everything is taken, in bytes, items and time
//! - [`compatibility`]: what the official CLI does, what is kept of it (`KEEP`) and what is mended (`FIX 1` …)
//! - [`supervision`]: the life of a program that `exec` stays with, as states
//! - [`performance`]: what a run costs, why, and how that is measured
//!
//! Code, tests and scripts cite these pages in four forms: `D16`, `FIX 9`, `N1`, and a page with a chapter, as in
//! `protocol 5.2`. `tests/library/manual.rs` fails for a citation without a heading or row here.

#[doc = include_str!("architecture.md")]
pub mod architecture {}

#[doc = include_str!("protocol.md")]
pub mod protocol {}

#[doc = include_str!("decisions.md")]
pub mod decisions {}

#[doc = include_str!("promises.md")]
pub mod promises {}

#[doc = include_str!("dependencies.md")]
pub mod dependencies {}

#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("compatibility.md")]
pub mod compatibility {}

#[doc = include_str!("supervision.md")]
pub mod supervision {}

#[doc = include_str!("performance.md")]
pub mod performance {}
