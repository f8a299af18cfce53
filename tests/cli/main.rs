//! The program as its users meet it: the built binary, an empty environment, a real vault on loopback.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice
)]
#![allow(unreachable_pub, reason = "nobody imports a test")]

mod add;
// Shells and signals.
mod change;
mod check;
#[cfg(unix)]
mod children;
#[cfg(unix)]
mod dev;
mod disk;
// A terminal.
#[cfg(unix)]
mod editor;
mod exec;
mod exec_files;
mod exec_plan;
mod exec_sources;
mod failures;
mod files;
mod help;
mod hostile;
mod init;
mod interpolate;
mod interpolate_files;
mod large;
mod log;
mod make;
mod mask;
mod names;
mod notation;
mod onlookers;
mod profile;
mod promises;
mod secret;
mod sources;
mod start;
mod stores;
mod streams;
mod supervise;
mod supervise_output;
#[allow(
    dead_code,
    unused_imports,
    reason = "it offers more than every test takes"
)]
mod support;
mod totp;
mod uploads;
