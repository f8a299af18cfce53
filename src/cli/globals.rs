//! The options of `ksm` itself, which every command understands.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::console::{Level, OutputTarget};

#[derive(Debug, Args)]
pub(crate) struct Globals {
    /// Use exactly this keeper.ini and no other configuration
    #[arg(long, value_name = "FILE")]
    pub(crate) ini_file: Option<PathBuf>,

    /// The profile to use, if not the active one [env: KSM_CLI_PROFILE]
    #[arg(short = 'p', long = "profile-name", value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Where the answer goes: `stdout`, `stderr` or a file
    #[arg(short, long, value_name = "TARGET", value_parser = target())]
    pub(crate) output: Option<OutputTarget>,

    /// Color tables on a terminal
    #[arg(short, long, overrides_with = "no_color")]
    color: bool,

    /// Show tables without color [also: -nc]
    #[arg(long, alias = "nc", overrides_with = "color")]
    no_color: bool,

    /// Keep records for when the server is out of reach (nothing is kept yet)
    #[arg(long, overrides_with = "no_cache")]
    pub(crate) cache: bool,

    /// Keep no records
    #[arg(long, overrides_with = "cache")]
    no_cache: bool,

    /// Log to stderr: DEBUG, INFO, WARNING or ERROR [env: KSM_DEBUG]
    #[arg(
        long,
        value_name = "LEVEL",
        ignore_case = true,
        hide_possible_values = true
    )]
    pub(crate) log_level: Option<Level>,

    /// Longest wait for a throttling server [env: KSM_MAX_WAIT] [default: 360]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) max_wait: Option<u64>,

    /// Redeem KSM_TOKEN for this run only, save nothing [env: KSM_EPHEMERAL]
    #[arg(long)]
    pub(crate) ephemeral: bool,
}

impl Globals {
    pub(crate) fn color(&self) -> Option<bool> {
        (self.color || self.no_color).then_some(self.color)
    }
}

pub(super) fn target() -> impl TypedValueParser<Value = OutputTarget> {
    OsStringValueParser::new().try_map(OutputTarget::try_from)
}

fn seconds(text: &str) -> Result<u64, &'static str> {
    text.parse().map_err(|_| "not a whole number of seconds")
}
