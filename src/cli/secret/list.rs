//! `ksm secret list`.

use clap::Args;

use crate::cli::filled;

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only this record, by its UID or exact title; may be given several times
    #[arg(short = 'u', long = "uid", value_name = "RECORD", conflicts_with = "folder", value_parser = filled::<String>)]
    pub(crate) records: Vec<String>,

    /// Only the records in this folder, by its UID, title or path
    #[arg(short, long, value_name = "FOLDER", value_parser = filled::<String>)]
    pub(crate) folder: Option<String>,

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
