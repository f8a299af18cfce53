//! `ksm interpolate`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct InterpolateArgs {
    /// Write to this file instead of stdout, readable by you alone
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,

    /// Replace each template by its result, and keep a copy
    #[arg(short = 'w', long)]
    pub(crate) in_place: bool,

    /// Suffix of the copy; empty for no copy
    #[arg(short, long, value_name = "SUFFIX", default_value = ".bak")]
    pub(crate) backup_suffix: OsString,

    /// Look up every reference and write nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,

    /// Report on each reference
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Leave references without a value as they are and write the rest
    #[arg(short = 'C', long = "continue")]
    pub(crate) carry_on: bool,

    /// Write nothing unless every reference has a value, --continue or not
    #[arg(long)]
    pub(crate) validate: bool,

    /// Report in JSON on each reference, where the result does not go to stdout
    #[arg(long)]
    pub(crate) json: bool,

    /// Print values with characters that a shell acts on
    #[arg(long)]
    pub(crate) allow_unsafe_for_eval: bool,

    /// Write values with line ends to files without quotes
    #[arg(long)]
    pub(crate) allow_newlines: bool,

    /// The templates
    #[arg(value_name = "INPUT_FILE")]
    files: Vec<PathBuf>,
}

impl InterpolateArgs {
    /// None for stdin, which `-` names as well.
    pub(crate) fn templates(&self) -> &[PathBuf] {
        match self.files.as_slice() {
            [only] if only.as_os_str() == "-" => &[],
            files => files,
        }
    }
}
