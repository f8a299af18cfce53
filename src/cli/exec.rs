//! `ksm exec`.

use std::ffi::OsString;

use clap::Args;

#[derive(Debug, Args)]
#[command(
    long_about = "Starts a program in which every environment variable whose value is a Keeper notation, such as \
                  keeper://<UID or title>/field/password, holds the secret instead.\n\n\
                  On Unix the program takes the place of ksm. If a notation cannot be resolved, nothing is started."
)]
pub(crate) struct ExecArgs {
    /// Replace notations in the arguments too, where other users may see them
    #[arg(long)]
    pub(crate) inline: bool,

    /// Let the program have KSM_CONFIG and KSM_CONFIG_BASE64_<n>; one-time tokens it never gets
    #[arg(long)]
    pub(crate) keep_config: bool,

    /// The program and its arguments, which are handed over as they are
    #[arg(value_name = "COMMAND", required = true, trailing_var_arg = true)]
    pub(crate) command: Vec<OsString>,
}
