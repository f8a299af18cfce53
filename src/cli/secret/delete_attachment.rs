//! `ksm secret delete-attachment`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct DeleteAttachmentArgs {
    /// The record, by its UID or exact title
    #[arg(short = 'u', long = "uid", value_name = "RECORD")]
    pub(crate) record: String,

    /// The attachment with this UID, else title, else file name; may be given several times
    #[arg(short = 'f', long = "file", value_name = "FILE", required = true)]
    pub(crate) files: Vec<String>,

    /// If the record changed since it was read, remove them once more
    #[arg(long)]
    pub(crate) retry: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
