//! `ksm secret update`.

use clap::Args;
use ksm::sensitive::Sensitive;

use crate::cli::filled;

#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The record by its UID or exact title, or as keeper://RECORD
    #[arg(short = 'u', long = "uid", value_name = "RECORD", value_parser = filled::<String>)]
    pub(crate) record: Option<String>,

    /// Set a standard field by its label, or by its type without one
    #[arg(long = "field", value_name = "NAME=VALUE")]
    pub(crate) fields: Vec<Sensitive<String>>,

    /// Set a custom field
    #[arg(long = "custom-field", value_name = "NAME=VALUE")]
    pub(crate) custom_fields: Vec<Sensitive<String>>,

    /// Set a standard field to a value, or a list of values, in JSON
    #[arg(long = "field-json", value_name = "NAME=JSON")]
    pub(crate) fields_json: Vec<Sensitive<String>>,

    /// Set a custom field to a value, or a list of values, in JSON
    #[arg(long = "custom-field-json", value_name = "NAME=JSON")]
    pub(crate) custom_fields_json: Vec<Sensitive<String>>,

    /// Set a standard field to the content of a file, or of stdin for `-`
    #[arg(long = "field-from", value_name = "NAME=PATH")]
    pub(crate) fields_from: Vec<String>,

    /// Set a custom field to the content of a file, or of stdin for `-`
    #[arg(long = "custom-field-from", value_name = "NAME=PATH")]
    pub(crate) custom_fields_from: Vec<String>,

    /// Keep the newline at the end of such a file
    #[arg(long)]
    pub(crate) keep_newline: bool,

    /// Take an empty value from a file or stdin
    #[arg(long)]
    pub(crate) allow_empty: bool,

    /// Add missing fields; name them TYPE, LABEL or TYPE[LABEL]
    #[arg(long)]
    pub(crate) add: bool,

    /// Set the title
    #[arg(short, long, value_parser = filled::<String>)]
    pub(crate) title: Option<String>,

    /// Set the notes
    #[arg(short, long)]
    pub(crate) notes: Option<Sensitive<String>>,

    /// Show what would change, passwords hidden, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// With --dry-run: print JSON
    #[arg(long, requires = "dry_run")]
    pub(crate) json: bool,

    /// If the record changed since it was read, reapply the change once
    #[arg(long)]
    pub(crate) retry: bool,

    /// The record, if no option names it
    #[arg(value_name = "RECORD", required_unless_present = "record", conflicts_with = "record",
          value_parser = filled::<String>)]
    pub(crate) record_argument: Option<String>,
}
