//! `ksm secret list`.

use clap::Args;
use ksm::vault::uid::{FolderUid, RecordUid};

use crate::cli::filled;

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only the record with this UID; may be given several times
    #[arg(short, long = "uid", value_name = "UID", conflicts_with = "folder", value_parser = filled::<RecordUid>)]
    pub(crate) uids: Vec<RecordUid>,

    /// Only the records in the folder with this UID
    #[arg(short, long, value_name = "UID", value_parser = filled::<FolderUid>)]
    pub(crate) folder: Option<FolderUid>,

    /// With --folder: those in its subfolders too
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// Only records in which this JSONPath finds something
    #[arg(short, long, value_name = "JSONPATH")]
    pub(crate) query: Option<String>,

    /// With --query: show the match instead of the title
    #[arg(short = 'v', long)]
    pub(crate) show_value: bool,

    /// Only the records whose title matches this regular expression, in any case
    #[arg(short, long, value_name = "REGEX")]
    pub(crate) title: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
