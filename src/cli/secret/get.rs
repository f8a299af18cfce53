//! `ksm secret get`.

use clap::Args;
use ksm::vault::uid::RecordUid;

use crate::cli::filled;

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// A record by its UID; may be given several times
    #[arg(short, long = "uid", value_name = "UID", value_parser = filled::<RecordUid>)]
    pub(crate) uids: Vec<RecordUid>,

    /// Records by their exact title; may be given several times
    #[arg(short, long = "title", value_name = "TITLE")]
    pub(crate) titles: Vec<String>,

    /// Print the first value of the field with this label or type
    #[arg(short, long, value_name = "NAME")]
    pub(crate) field: Option<String>,

    /// Print the matches of this JSONPath in the JSON of the records
    #[arg(short, long, value_name = "JSONPATH")]
    pub(crate) query: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Print a JSON array even for one record
    #[arg(long)]
    pub(crate) force_array: bool,

    /// Show passwords and their like in tables
    #[arg(long)]
    pub(crate) unmask: bool,

    /// Replace references to cards and addresses by what they refer to; the default
    #[arg(long, overrides_with = "deflate")]
    inflate: bool,

    /// Leave references to cards and addresses as UIDs
    #[arg(long, overrides_with = "inflate")]
    pub(crate) deflate: bool,

    /// With --query: print a string without quotes
    #[arg(long)]
    pub(crate) raw: bool,

    /// Records by their UID
    #[arg(value_name = "UID", value_parser = filled::<RecordUid>)]
    pub(crate) uid_arguments: Vec<RecordUid>,
}
