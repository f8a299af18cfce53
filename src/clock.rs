//! The clock of this machine, and times of others. Either may be any number: what comes out of here is a time between
//! the years 1970 and 9999, which every format of ours can write.

use std::time::{Duration, SystemTime};

use time::OffsetDateTime;

/// The end of the year 9999, in seconds since 1970.
const END: u64 = 253_402_300_800;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the clock of this machine shows no time between the years 1970 and 9999")]
pub struct Error;

pub fn now() -> Result<OffsetDateTime, Error> {
    let since = since_1970(reading()).filter(|since| since.as_secs() < END);
    since.and_then(utc).ok_or(Error)
}

/// The time, or the end of the range that is nearer to it: for records of what happened.
pub fn nearest() -> OffsetDateTime {
    let since = since_1970(reading()).unwrap_or_default();
    let last = Duration::from_secs(END - 1);
    utc(since.min(last)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// What the clock shows, to compare it with another clock.
#[expect(clippy::disallowed_methods, reason = "every time is read here")]
pub fn reading() -> SystemTime {
    SystemTime::now()
}

/// As the header `Date` of HTTP has it. `None` past the year 9999.
pub fn http_date(milliseconds: u64) -> Option<String> {
    let since = Duration::from_millis(milliseconds);
    let in_range = since.as_secs() < END;
    in_range.then(|| httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since))
}

/// `None` before that.
pub fn since_1970(at: SystemTime) -> Option<Duration> {
    at.duration_since(SystemTime::UNIX_EPOCH).ok()
}

/// In the largest unit of which there are two at least, rounded down.
pub fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(86_400, "days"), (3_600, "h"), (60, "min")];
    let mut units = units.into_iter();
    match units.find(|(unit, _)| seconds / unit >= 2) {
        Some((unit, name)) => format!("{} {name}", seconds / unit),
        None => format!("{seconds} s"),
    }
}

fn utc(since_1970: Duration) -> Option<OffsetDateTime> {
    let nanoseconds = i128::try_from(since_1970.as_nanos()).ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_outside_of_the_calendar_are_none() {
        let last = END * 1000 - 1;
        for (milliseconds, expected) in [
            (0, Some("Thu, 01 Jan 1970 00:00:00 GMT")),
            (last, Some("Fri, 31 Dec 9999 23:59:59 GMT")),
            (last + 1, None),
            (u64::MAX, None),
        ] {
            assert_eq!(http_date(milliseconds).as_deref(), expected);
        }
        let utc = |milliseconds| utc(Duration::from_millis(milliseconds));
        assert_eq!(utc(last).map(|at| at.year()), Some(9999));
        assert_eq!(utc(u64::MAX), None);
    }

    #[test]
    fn durations_are_told_roughly() {
        let table = "
            0 => 0 s
            119 => 119 s
            120 => 2 min
            7199 => 119 min
            7200 => 2 h
            86400 => 24 h
            172800 => 2 days
        ";
        for (seconds, expected) in crate::test_table::cases(table) {
            let duration = Duration::from_secs(seconds.parse().unwrap());
            assert_eq!(in_words(duration), expected);
        }
    }
}
