//! The options of `ksm` itself, which every command understands.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::console::{Level, OutputTarget};

#[derive(Debug, Clone, PartialEq, Args)]
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
    /// These options, and those of `base` where these say nothing.
    pub(crate) fn or(self, base: &Self) -> Self {
        let Self {
            ini_file,
            profile,
            output,
            color,
            no_color,
            cache,
            no_cache,
            log_level,
            max_wait,
            ephemeral,
        } = self;
        let flags = |yes, no, base| match yes || no {
            true => (yes, no),
            false => base,
        };
        let (color, no_color) = flags(color, no_color, (base.color, base.no_color));
        let (cache, no_cache) = flags(cache, no_cache, (base.cache, base.no_cache));
        Self {
            ini_file: ini_file.or_else(|| base.ini_file.clone()),
            profile: profile.or_else(|| base.profile.clone()),
            output: output.or_else(|| base.output.clone()),
            color,
            no_color,
            cache,
            no_cache,
            log_level: log_level.or(base.log_level),
            max_wait: max_wait.or(base.max_wait),
            ephemeral: ephemeral || base.ephemeral,
        }
    }

    /// These options as words of a command line.
    pub(crate) fn words(&self) -> Vec<OsString> {
        let Self {
            ini_file,
            profile,
            output,
            color,
            no_color,
            cache,
            no_cache,
            log_level,
            max_wait,
            ephemeral,
        } = self;
        let output = output.as_ref().map(|target| target.word().to_owned());
        let values = [
            ("--ini-file=", ini_file.clone().map(OsString::from)),
            ("--profile-name=", profile.clone().map(OsString::from)),
            ("--output=", output),
            (
                "--log-level=",
                log_level.map(|level| level.to_string().into()),
            ),
            (
                "--max-wait=",
                max_wait.map(|seconds| seconds.to_string().into()),
            ),
        ];
        let flags = [
            ("--color", color),
            ("--no-color", no_color),
            ("--cache", cache),
            ("--no-cache", no_cache),
            ("--ephemeral", ephemeral),
        ];
        let values = values.into_iter().filter_map(|(option, value)| {
            let mut word = OsString::from(option);
            word.push(value?);
            Some(word)
        });
        let flags = flags.into_iter().filter(|(_, is_set)| **is_set);
        values.chain(flags.map(|(flag, _)| flag.into())).collect()
    }

    /// The options that a vault is opened by: all but those of output.
    pub(crate) fn of_vault(&self) -> Self {
        Self {
            output: None,
            color: false,
            no_color: false,
            ..self.clone()
        }
    }

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
