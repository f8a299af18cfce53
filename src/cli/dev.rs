//! `ksm dev`.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    long_about = "Runs a small vault on this machine that speaks the real protocol, to try ksm, scripts and pipelines \
                  without an account. It forgets everything when it ends, and is not for real secrets.\n\n\
                  With a command it serves that command only, in an environment prepared for it; without one it \
                  serves until it is interrupted, and prints what to paste into another shell."
)]
pub(crate) struct DevArgs {
    #[command(subcommand)]
    pub(crate) action: Option<DevAction>,

    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum DevAction {
    /// Print another one-time token of the vault that is running
    Token,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Fill the vault from this YAML or JSON file instead of the samples
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,

    /// The loopback address to serve on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// Give the command a one-time token instead of a profile, as at a container's start
    #[arg(long)]
    pub(crate) unbound: bool,

    /// The command to run against the vault
    #[arg(value_name = "COMMAND", last = true)]
    pub(crate) command: Vec<OsString>,
}
