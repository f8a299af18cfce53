//! `ksm secret totp`.

use clap::Args;

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
