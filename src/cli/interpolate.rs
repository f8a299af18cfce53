//! `ksm interpolate`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Without INPUT_FILE, stdin is read. A reference in a template is\n  \
                  keeper://<UID or title>/field/<label or type>[:-DEFAULT][|TRANSFORM...]\n\
                  and ends at a blank or a quote; keeper://{...} ends at its brace and may hold blanks and quotes.\n\
                  The default is for what does not exist or is empty. Lines that start with # are copied.\n\n\
                  Transforms: base64, base64url, lower, md5, sha256, trim, upper, urlencode, urlencodeplus, and\n\
                  shell, json, yaml, dotenv, which quote the value for who is going to read it."
)]
pub(crate) struct InterpolateArgs {
    /// Write to this file instead of stdout, readable by you alone
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,

    /// Write each result over its template, of which a copy is kept
    #[arg(short = 'w', long)]
    pub(crate) in_place: bool,

    /// How the copy's name ends; empty for no copy
    #[arg(short, long, value_name = "SUFFIX", default_value = ".bak")]
    pub(crate) backup_suffix: OsString,

    /// Look everything up and write nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,

    /// Tell about each reference
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Leave references without a value as they are and write the rest
    #[arg(short = 'C', long = "continue")]
    pub(crate) carry_on: bool,

    /// Write nothing unless every reference has a value, --continue or not
    #[arg(long)]
    pub(crate) validate: bool,

    /// Print values with characters in them that a shell would act on
    #[arg(long)]
    pub(crate) allow_unsafe_for_eval: bool,

    /// Write values with line ends to files although nothing quotes them
    #[arg(long)]
    pub(crate) allow_newlines: bool,

    /// The templates
    #[arg(value_name = "INPUT_FILE")]
    pub(crate) files: Vec<PathBuf>,
}
