//! The step in front of clap, which `cli` keeps to itself.

use std::ffi::OsString;

use clap::Command;

#[path = "../../../../src/cli/argv/mod.rs"]
mod argv;
#[path = "../../../../src/cli/notes/mod.rs"]
mod notes;
#[path = "../../../../src/cli/tree.rs"]
mod tree;

use crate::cli::Cli;

pub fn root() -> Command {
    tree::root()
}

pub fn normalize(root: &Command, typed: &[OsString]) -> Vec<OsString> {
    argv::normalize(root, typed).words
}
