//! The log on stderr (compatibility 1.3). It adds to the messages and replaces none.

use std::ffi::OsStr;
use std::fmt;

use clap::ValueEnum;
use ksm::{clock, foreign};
use time::{OffsetDateTime, UtcOffset};

/// The levels of the official CLI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
#[value(rename_all = "UPPER")]
pub(crate) enum Level {
    /// Requests, their hosts and durations.
    Debug,
    /// Decisions.
    Info,
    /// Trouble that does not end the command.
    Warning,
    /// Nothing but failures, which are printed in any case.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        })
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Log {
    least: Level,
    offset: UtcOffset,
}

impl Log {
    /// Keeps the offset of the local time at this moment, since the system tells it safely only before there
    /// are threads; without it, times are UTC.
    pub(crate) fn from(least: Level) -> Self {
        Self {
            least,
            offset: UtcOffset::local_offset_at(clock::nearest()).unwrap_or(UtcOffset::UTC),
        }
    }

    /// `KSM_DEBUG` wins over `--log-level`. Names that only Python knows keep their meaning; a text that is no
    /// level shows everything (FIX 26).
    pub(crate) fn wanted(variable: Option<&OsStr>, option: Option<Level>) -> Option<Self> {
        match variable.filter(|value| !value.is_empty()) {
            Some(value) if value.eq_ignore_ascii_case("CRITICAL") => None,
            Some(value) => {
                let level = value.to_str().map(|text| Level::from_str(text, true));
                Some(Self::from(
                    level.and_then(Result::ok).unwrap_or(Level::Debug),
                ))
            }
            None => option.map(Self::from),
        }
    }

    pub(super) fn line(self, level: Level, text: &str) -> Option<String> {
        (level >= self.least).then(|| {
            let at = clock::nearest();
            // At the ends of the calendar there is no other day.
            let local = at.checked_to_offset(self.offset).unwrap_or(at);
            line(local, level, text)
        })
    }
}

// Foreign text cannot begin a line of its own.
fn line(at: OffsetDateTime, level: Level, text: &str) -> String {
    let (date, (hour, minute, second, milli)) = (at.date(), at.time().as_hms_milli());
    let text = foreign::message(text);
    format!("{date} {hour:02}:{minute:02}:{second:02},{milli:03} | ksm | {level} | {text}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_has_the_official_form() {
        let at = OffsetDateTime::from_unix_timestamp(1_769_900_399).unwrap();
        let at = at + time::Duration::milliseconds(7);
        let berlin = at.to_offset(UtcOffset::from_hms(1, 0, 0).unwrap());
        let table = [
            (
                at,
                Level::Info,
                "text",
                "2026-01-31 22:59:59,007 | ksm | INFO | text\n",
            ),
            (
                berlin,
                Level::Warning,
                "",
                "2026-01-31 23:59:59,007 | ksm | WARNING | \n",
            ),
            (
                berlin,
                Level::Debug,
                "a\nb\x1b[2J",
                "2026-01-31 23:59:59,007 | ksm | DEBUG | a\\nb\\u{1b}[2J\n",
            ),
        ];
        for (at, level, text, expected) in table {
            assert_eq!(line(at, level, text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_variable_beats_the_option_and_any_value_counts() {
        use Level::{Debug, Error, Info, Warning};
        let table = [
            (None, None, None),
            (None, Some(Error), Some(Error)),
            (Some(""), Some(Info), Some(Info)),
            (Some("WARNING"), Some(Debug), Some(Warning)),
            (Some("info"), None, Some(Info)),
            (Some("1"), Some(Error), Some(Debug)),
            (Some("NOTSET"), None, Some(Debug)),
            (Some("CRITICAL"), Some(Debug), None),
        ];
        for (variable, option, expected) in table {
            let log = Log::wanted(variable.map(OsStr::new), option);
            assert_eq!(
                log.map(|log| log.least),
                expected,
                "{variable:?} {option:?}"
            );
        }
    }

    #[test]
    fn what_weighs_too_little_is_not_written() {
        let log = Log::from(Level::Warning);
        for (level, written) in [
            (Level::Debug, false),
            (Level::Info, false),
            (Level::Warning, true),
            (Level::Error, true),
        ] {
            assert_eq!(log.line(level, "text").is_some(), written, "{level}");
        }
    }
}
