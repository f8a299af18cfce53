//! `ksm secret password`.

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct PasswordArgs {
    /// How many characters, of all four kinds [default: 64]
    #[arg(short, long, value_name = "N", value_parser = count)]
    pub(crate) length: Option<i64>,

    /// How many small letters [also: -lc]
    #[arg(long, alias = "lc", value_name = "N", value_parser = count)]
    pub(crate) lowercase: Option<i64>,

    /// How many capital letters [also: -uc]
    #[arg(long, alias = "uc", value_name = "N", value_parser = count)]
    pub(crate) uppercase: Option<i64>,

    /// How many digits
    #[arg(short, long, value_name = "N", value_parser = count)]
    pub(crate) digits: Option<i64>,

    /// How many special characters [also: -sc]
    #[arg(long, alias = "sc", value_name = "N", value_parser = count)]
    pub(crate) special: Option<i64>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn count(text: &str) -> Result<i64, &'static str> {
    text.trim().parse().map_err(|_| "not a whole number")
}
