//! `ksm secret password`.

use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "\
Counts are exact: a kind without one, or with 0, does not occur. Counts that are
all 0 say nothing, and the password has all kinds.")]
pub(crate) struct PasswordArgs {
    /// Number of characters, of all four kinds from 4 on [default: 64]
    #[arg(short, long, value_name = "N", value_parser = count)]
    pub(crate) length: Option<i64>,

    /// Number of lowercase letters [also: -lc]
    #[arg(long, alias = "lc", value_name = "N", value_parser = count)]
    pub(crate) lowercase: Option<i64>,

    /// Number of uppercase letters [also: -uc]
    #[arg(long, alias = "uc", value_name = "N", value_parser = count)]
    pub(crate) uppercase: Option<i64>,

    /// Number of digits
    #[arg(short, long, value_name = "N", value_parser = count)]
    pub(crate) digits: Option<i64>,

    /// Number of special characters [also: -sc]
    #[arg(long, alias = "sc", value_name = "N", value_parser = count)]
    pub(crate) special: Option<i64>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn count(text: &str) -> Result<i64, &'static str> {
    text.trim().parse().map_err(|_| "not a whole number")
}
