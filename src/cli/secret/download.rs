//! `ksm secret download`.

use std::ffi::OsString;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::console::OutputTarget;

#[derive(Debug, Args)]
pub(crate) struct DownloadArgs {
    /// The record, by its UID or exact title
    #[arg(
        short = 'u',
        long = "uid",
        value_name = "RECORD",
        required_unless_present = "notation",
        conflicts_with = "notation"
    )]
    pub(crate) record: Option<String>,

    /// The attachment with this title, else with this file name
    #[arg(long, conflicts_with = "notation")]
    pub(crate) name: Option<String>,

    /// The attachment with this UID
    #[arg(long, value_name = "UID", conflicts_with = "notation")]
    pub(crate) file_uid: Option<String>,

    /// The destination: a file, a directory, `stdout` or `-`, `stderr`
    #[arg(long, value_name = "TARGET", value_parser = OsStringValueParser::new().try_map(target))]
    pub(crate) file_output: OutputTarget,

    /// Create missing directories above the file
    #[arg(long)]
    pub(crate) create_folders: bool,

    /// Say in JSON what was written where; the destination has to be a file
    #[arg(long)]
    pub(crate) json: bool,

    /// The attachment, as in keeper://<UID or title>/file/<name, title or UID>
    #[arg(value_name = "NOTATION")]
    pub(crate) notation: Option<String>,
}

fn target(word: OsString) -> Result<OutputTarget, &'static str> {
    match word == "-" {
        true => Ok(OutputTarget::Stdout),
        false => word.try_into(),
    }
}
