//! `ksm exec`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(
    long_about = "Starts a program in which every environment variable whose value is a Keeper notation, such as \
                  keeper://<UID or title>/field/password, holds the secret instead. Variables may also come from \
                  files (--env-file) and from the command line (-e); of several with one name the last counts.\n\n\
                  On Unix the program takes the place of ksm, unless files have to be removed when it ends or its \
                  output is masked or captured. If a \
                  notation cannot be resolved, nothing is started.",
    after_help = "-e NAME=@file:NOTATION   gives NAME the path of a private file that holds the secret\n\
                  -e NAME=@fd:NOTATION     gives NAME the path of a file in memory that holds it (Linux)\n\
                  -e NAME                  keeps what this environment holds"
)]
pub(crate) struct ExecArgs {
    /// Give the variable NAME what NOTATION names; may be given several times
    #[arg(short, long = "env", value_name = "NAME=NOTATION")]
    pub(crate) env: Vec<OsString>,

    /// Take variables from a file of NAME=VALUE lines; may be given several times
    #[arg(long = "env-file", value_name = "FILE")]
    pub(crate) env_files: Vec<PathBuf>,

    /// Write what NOTATION names to a new file, which is removed when the program ends
    #[arg(long = "file", value_name = "PATH=NOTATION")]
    pub(crate) files: Vec<OsString>,

    /// Replace notations in the arguments too, where other users may see them
    #[arg(long)]
    pub(crate) inline: bool,

    /// Give the program what -e and --env-file name, and nothing else
    #[arg(long)]
    pub(crate) pristine: bool,

    /// Let the program have KSM_CONFIG and KSM_CONFIG_BASE64_<n> as well
    #[arg(long)]
    pub(crate) keep_config: bool,

    /// Show **** instead of the secrets in what the program prints
    #[arg(long)]
    pub(crate) mask: bool,

    /// Print what the program prints when it has ended, stdout before stderr
    #[arg(long)]
    pub(crate) capture_output: bool,

    /// Start nothing: show what each notation leads to, without the values
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// With --dry-run: print JSON
    #[arg(long, requires = "dry_run")]
    pub(crate) json: bool,

    /// The program and its arguments, which are handed over as they are
    #[arg(value_name = "COMMAND", required = true, trailing_var_arg = true)]
    pub(crate) command: Vec<OsString>,
}
