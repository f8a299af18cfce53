//! `ksm secret get`.

use clap::Args;

use crate::cli::filled;

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    /// A record by its UID or exact title; may be given several times
    #[arg(short = 'u', long = "uid", value_name = "RECORD", value_parser = filled::<String>)]
    pub(crate) records: Vec<String>,

    /// All records with this exact title; may be given several times
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

    /// Records by their UID or exact title, or the notation of one value
    #[arg(value_name = "RECORD", value_parser = filled::<String>)]
    pub(crate) record_arguments: Vec<String>,
}
