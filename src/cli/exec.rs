//! `ksm exec`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

// A doc comment would become the description of the commands.
#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    /// Set the variable NAME to the value of NOTATION; may be repeated
    #[arg(
        short,
        long = "env",
        value_name = "NAME=NOTATION",
        help_heading = "Secrets"
    )]
    pub(crate) env: Vec<OsString>,

    /// Set variables from a file of NAME=VALUE lines; may be repeated
    #[arg(long = "env-file", value_name = "FILE", help_heading = "Secrets")]
    pub(crate) env_files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(override_usage = "ksm exec [OPTIONS] -- <COMMAND>...")]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    /// Write the value of NOTATION to a new file until the program ends
    #[arg(long = "file", value_name = "PATH=NOTATION", help_heading = "Secrets")]
    pub(crate) files: Vec<OsString>,

    /// Replace notations in the arguments, where other users may see them
    #[arg(long, help_heading = "Secrets")]
    pub(crate) inline: bool,

    /// Pass only the variables of -e and --env-file
    #[arg(long, help_heading = "The program")]
    pub(crate) pristine: bool,

    /// Pass KSM_CONFIG and KSM_CONFIG_BASE64_<n> to the program
    #[arg(long, help_heading = "The program")]
    pub(crate) keep_config: bool,

    /// Show **** in place of secrets in the output of the program
    #[arg(long, help_heading = "The program")]
    pub(crate) mask: bool,

    /// Print the output when the program has ended, stdout before stderr
    #[arg(long, help_heading = "The program")]
    pub(crate) capture_output: bool,

    /// Start nothing; show where each notation leads, without values
    #[arg(long, help_heading = "Looking first")]
    pub(crate) dry_run: bool,

    /// With --dry-run: print JSON
    #[arg(long, requires = "dry_run", help_heading = "Looking first")]
    pub(crate) json: bool,

    /// The program and its arguments, unchanged
    #[arg(value_name = "COMMAND", required = true, trailing_var_arg = true)]
    pub(crate) command: Vec<OsString>,
}
