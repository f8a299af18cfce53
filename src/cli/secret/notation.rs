//! `ksm secret notation`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct NotationArgs {
    /// What to print, as in keeper://<UID or title>/field/password; the prefix may be left out
    pub(crate) text: String,

    /// Print the value as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
