//! `ksm secret delete`.

use clap::Args;

use crate::cli::filled;

#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// A record by its UID or exact title, or as keeper://RECORD; may be given several times
    #[arg(short = 'u', long = "uid", value_name = "RECORD", value_parser = filled::<String>)]
    pub(crate) records: Vec<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Records by their UID or exact title, or as keeper://RECORD
    #[arg(value_name = "RECORD", required_unless_present = "records", value_parser = filled::<String>)]
    pub(crate) record_arguments: Vec<String>,
}
