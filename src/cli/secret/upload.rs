//! `ksm secret upload`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::filled;

#[derive(Debug, Args)]
pub(crate) struct UploadArgs {
    /// The record, by its UID or exact title
    #[arg(short = 'u', long = "uid", value_name = "RECORD")]
    pub(crate) record: String,

    /// The file to attach; `-` is stdin
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The title of the attachment, if not the name of the file
    #[arg(short, long, value_parser = filled::<String>)]
    pub(crate) title: Option<String>,

    /// Remove attachments of the same title once the new one is there
    #[arg(long)]
    pub(crate) replace: bool,

    /// Attach an empty file if stdin is empty
    #[arg(long)]
    pub(crate) allow_empty: bool,

    /// If the record changed since it was read, attach the file once more
    #[arg(long)]
    pub(crate) retry: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
