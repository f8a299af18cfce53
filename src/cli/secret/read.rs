//! The commands that read records: `list`, `get`, `notation` and `totp`.

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

    /// Only the records for which this JSONPath finds something
    #[arg(short, long, value_name = "JSONPATH")]
    pub(crate) query: Option<String>,

    /// With --query: show what was found instead of the title
    #[arg(short = 'v', long)]
    pub(crate) show_value: bool,

    /// Only the records whose title matches this regular expression, in any case
    #[arg(short, long, value_name = "REGEX")]
    pub(crate) title: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

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

    /// Print what this JSONPath finds in the JSON of the records
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

#[derive(Debug, Args)]
pub(crate) struct NotationArgs {
    /// What to print, as in keeper://<UID or title>/field/password; the prefix may be left out
    pub(crate) text: String,
}

#[derive(Debug, Args)]
pub(crate) struct TotpArgs {
    /// The record, by its UID or exact title, or the notation of a field of it
    #[arg(value_name = "RECORD", required_unless_present = "uid")]
    record: Option<String>,

    // `argv` passes a UID that begins with a dash here.
    #[arg(long, hide = true, conflicts_with = "record")]
    uid: Option<String>,

    /// Print JSON, with the seconds that the code is good for
    #[arg(long)]
    pub(crate) json: bool,
}

impl TotpArgs {
    pub(crate) fn record(&self) -> &str {
        let said = self.record.as_deref().or(self.uid.as_deref());
        said.unwrap_or_default()
    }
}
