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
#[cfg(unix)]
mod aws;
mod cache;
mod change;
mod check;
#[cfg(unix)]
mod children;
// A clock of another kind comes in by LD_PRELOAD.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod clock;
mod completion;
// Shells and signals.
#[cfg(unix)]
mod dev;
mod dev_bounds;
mod disk;
// A terminal.
#[cfg(unix)]
mod editor;
mod encodings;
mod env;
mod exec;
mod exec_dry_run;
mod exec_files;
mod exec_nameless;
mod exec_sources;
mod failures;
mod files;
mod foreign;
#[cfg(unix)]
mod guide;
mod help;
mod hostile;
mod identities;
mod init;
mod inputs;
mod interpolate;
mod interpolate_files;
mod large;
mod log;
mod make;
mod mask;
mod mask_cost;
mod mistakes;
mod names;
mod notation;
mod onlookers;
mod pages;
mod pasted;
mod people;
mod profile;
mod secret;
mod shell;
mod sources;
mod start;
mod stores;
mod streams;
mod supervise;
mod supervise_output;
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, unused_imports, reason = "some tests need Linux")
)]
mod support;
#[cfg(unix)]
mod sweeps;
#[cfg(unix)]
mod sync;
mod totp;
mod untold;
mod uploads;
mod words;
