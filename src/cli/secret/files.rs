//! The commands about attachments: `upload`, `download` and `delete-attachment`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::console::OutputTarget;

#[derive(Debug, Args)]
pub(crate) struct UploadArgs {
    /// The record, by its UID or exact title
    #[arg(short = 'u', long = "uid", value_name = "RECORD")]
    pub(crate) record: String,

    /// The file to attach; `-` is stdin
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// What to call it, if not by its name
    #[arg(short, long)]
    pub(crate) title: Option<String>,

    /// If somebody else changes the record meanwhile, attach it to theirs
    #[arg(long)]
    pub(crate) retry: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

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

    /// Where its content goes: a file, a directory, `stdout` or `-`, or `stderr`
    #[arg(long, value_name = "TARGET", value_parser = OsStringValueParser::new().try_map(target))]
    pub(crate) file_output: OutputTarget,

    /// Make the directories on the way to the file
    #[arg(long)]
    pub(crate) create_folders: bool,

    /// The attachment, as in keeper://<UID or title>/file/<name, title or UID>
    #[arg(value_name = "NOTATION")]
    pub(crate) notation: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteAttachmentArgs {
    /// The record, by its UID or exact title
    #[arg(short = 'u', long = "uid", value_name = "RECORD")]
    pub(crate) record: String,

    /// The attachment with this UID, else title, else file name; may be given several times
    #[arg(short = 'f', long = "file", value_name = "FILE", required = true)]
    pub(crate) files: Vec<String>,

    /// If somebody else changes the record meanwhile, take them from theirs
    #[arg(long)]
    pub(crate) retry: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn target(word: OsString) -> Result<OutputTarget, &'static str> {
    match word.to_str() {
        Some("stdout" | "-") => Ok(OutputTarget::Stdout),
        Some("stderr") => Ok(OutputTarget::Stderr),
        Some("") => Err("the name of the file is empty"),
        _ => Ok(OutputTarget::File(word.into())),
    }
}
