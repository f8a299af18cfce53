//! The options of `ksm` itself, which every command understands.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::console::{Level, OutputTarget};

#[derive(Debug, Clone, Default, PartialEq, Args)]
pub(crate) struct Globals {
    /// Use exactly this keeper.ini and no other configuration
    #[arg(long, value_name = "FILE", help_heading = "Profile and server")]
    pub(crate) ini_file: Option<PathBuf>,

    /// The profile to use, if not the active one [env: KSM_CLI_PROFILE]
    #[arg(
        short = 'p',
        long = "profile-name",
        alias = "profile",
        value_name = "NAME",
        value_parser = super::filled::<String>,
        help_heading = "Profile and server"
    )]
    pub(crate) profile: Option<String>,

    /// Where the answer goes: `stdout`, `stderr` or a file
    #[arg(short, long, value_name = "TARGET", value_parser = answer_target(), help_heading = "Output")]
    pub(crate) output: Option<OutputTarget>,

    /// Color tables on a terminal
    #[arg(short, long, overrides_with = "no_color", help_heading = "Output")]
    color: bool,

    /// Show tables without color [also: -nc]
    #[arg(long, alias = "nc", overrides_with = "color", help_heading = "Output")]
    no_color: bool,

    /// Keep sealed answers for when the server is out of reach [env: KSM_CACHE]
    #[arg(long, overrides_with = "no_cache", help_heading = "Cache")]
    cache: bool,

    /// Neither keep answers nor use kept ones
    #[arg(long, overrides_with = "cache", help_heading = "Cache")]
    no_cache: bool,

    /// Read from the cache alone and ask no server
    #[arg(long, conflicts_with = "no_cache", help_heading = "Cache")]
    pub(crate) offline: bool,

    /// Longest age of a kept answer: `30s`, `15m`, `2h`, `7d` [default: 24h]
    #[arg(long, value_name = "AGE", value_parser = age, help_heading = "Cache")]
    pub(crate) max_age: Option<Duration>,

    /// Age up to which a kept answer is used without asking the server
    #[arg(long, value_name = "AGE", value_parser = age, help_heading = "Cache")]
    pub(crate) fresh_for: Option<Duration>,

    /// Leave out notices; the answer, warnings and errors stay
    #[arg(short, long, overrides_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Log decisions to stderr, as `--log-level INFO`
    #[arg(short, long, overrides_with = "quiet", help_heading = "Output")]
    pub(crate) verbose: bool,

    /// Log to stderr: DEBUG, INFO, WARNING or ERROR [env: KSM_DEBUG]
    #[arg(
        long,
        value_name = "LEVEL",
        ignore_case = true,
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub(crate) log_level: Option<Level>,

    /// Longest wait for a throttling server [env: KSM_MAX_WAIT] [default: 360]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Profile and server")]
    pub(crate) max_wait: Option<u64>,

    /// Redeem KSM_TOKEN for this run only and save nothing [env: KSM_EPHEMERAL]
    #[arg(long, help_heading = "Profile and server")]
    pub(crate) ephemeral: bool,

    /// These options as they go before a command, spelled for clap.
    #[arg(skip)]
    pub(crate) words: Vec<OsString>,
}

impl Globals {
    /// The options that a vault is opened by: all but those of output.
    pub(crate) fn of_vault(&self) -> Self {
        Self {
            words: Vec::new(),
            output: None,
            color: false,
            no_color: false,
            quiet: false,
            verbose: false,
            ..self.clone()
        }
    }

    pub(crate) fn color(&self) -> Option<bool> {
        (self.color || self.no_color).then_some(self.color)
    }

    pub(crate) fn cache(&self) -> Option<bool> {
        (self.cache || self.no_cache).then_some(self.cache)
    }
}

/// Other tools name the form of the answer here.
fn answer_target() -> impl TypedValueParser<Value = OutputTarget> {
    const FORMS: [&str; 6] = ["json", "yaml", "yml", "table", "text", "csv"];
    OsStringValueParser::new().try_map(|word| {
        let is_form = word.to_str().is_some_and(|word| FORMS.contains(&word));
        match is_form {
            true => Err(
                "it names a file, not a form. `--json` prints JSON; a file of that name is written as `./json`",
            ),
            false => OutputTarget::try_from(word),
        }
    })
}

pub(super) fn target() -> impl TypedValueParser<Value = OutputTarget> {
    OsStringValueParser::new().try_map(OutputTarget::try_from)
}

fn age(text: &str) -> Result<Duration, &'static str> {
    let units = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)];
    let mut found = units.into_iter().filter_map(|(name, seconds)| {
        let digits = text.strip_suffix(name)?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let count: u64 = digits.parse().ok().filter(|_| is_number)?;
        count.checked_mul(seconds).map(Duration::from_secs)
    });
    found
        .next()
        .ok_or("not a number with a unit, such as `30s`, `15m`, `2h` or `7d`")
}

fn seconds(text: &str) -> Result<u64, &'static str> {
    text.parse().map_err(|_| "not a whole number of seconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_a_unit() {
        for (text, expected) in [
            ("30s", Some(30)),
            ("0s", Some(0)),
            ("15m", Some(900)),
            ("2h", Some(7_200)),
            ("7d", Some(604_800)),
            ("30", None),
            ("s", None),
            ("", None),
            ("-1s", None),
            ("+1s", None),
            ("1.5h", None),
            ("2 h", None),
            ("2H", None),
            ("18446744073709551615d", None),
        ] {
            assert_eq!(age(text).ok(), expected.map(Duration::from_secs), "{text}");
        }
    }
}
