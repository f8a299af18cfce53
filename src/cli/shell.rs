//! `ksm shell` and `ksm quit`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ShellArgs {
    /// End with the first line that fails, and with its exit code
    #[arg(long)]
    pub(crate) fail: bool,

    // The official program for desktops starts its shell with it.
    #[arg(long, hide = true)]
    app: bool,
}

#[derive(Debug, Args)]
pub(crate) struct QuitArgs {}
