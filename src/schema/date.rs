//! Dates as people write them, as the milliseconds that fields hold (protocol 10.1).

use time::{Date, Month};

const DAY: i64 = 86_400_000;

/// Reads a number of milliseconds since 1970, or a date or moment of ISO 8601. Clients show dates as UTC, so an offset
/// from UTC changes nothing: the first of May stays the first of May, as in the official CLI.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| moment(text))
}

fn moment(text: &str) -> Option<i64> {
    let (day, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (text.get(..at)?, Some(text.get(at + 1..)?)),
        None => (text, None),
    };
    let time = time.map_or(Some(0), |time| time_of_day(time.trim_start()))?;
    Some(days(day)?.checked_mul(DAY)? + time)
}

/// `2024-05-01`, `20240501` or `2024-05`, as days since 1970.
fn days(text: &str) -> Option<i64> {
    let parts: Vec<&str> = text.split('-').collect();
    let (year, month, day) = match *parts.as_slice() {
        [year, month, day] => (year, month, day),
        [year, month] => (year, month, "01"),
        [all] => (all.get(..4)?, all.get(4..6)?, all.get(6..)?),
        _ => return None,
    };
    if year.len() != 4 {
        return None;
    }
    let month = Month::try_from(u8::try_from(digits(month, 2)?).ok()?).ok()?;
    let day = u8::try_from(digits(day, 2)?).ok()?;
    let date = Date::from_calendar_date(i32::try_from(digits(year, 4)?).ok()?, month, day).ok()?;
    Some(i64::from(date.to_julian_day()) - 2_440_588)
}

/// `12:30`, `12:30:15`, `12:30:15.250`, `1230`, any of them with `Z` or an offset, as milliseconds since midnight.
fn time_of_day(text: &str) -> Option<i64> {
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (text.get(..at)?, text.get(at..)?),
        None => (text, ""),
    };
    if !is_offset(offset.trim()) {
        return None;
    }
    let (clock, fraction) = match clock.trim_end().split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, thousandths(fraction)?),
        None => (clock.trim_end(), 0),
    };
    let plain: String = clock.split(':').collect();
    let pair = |at: usize| match plain.get(at..at + 2) {
        Some(pair) => digits(pair, 2),
        None if plain.len() == at && at > 0 => Some(0),
        None => None,
    };
    let (hours, minutes, seconds) = (
        pair(0)?,
        pair(2)?,
        if plain.len() > 4 { pair(4)? } else { 0 },
    );
    let fits = plain.len() <= 6 && hours < 24 && minutes < 60 && seconds < 60;
    fits.then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction)
}

fn is_offset(text: &str) -> bool {
    match text.strip_prefix(['+', '-']) {
        Some(offset) => {
            let plain: String = offset.split(':').collect();
            matches!(plain.len(), 2 | 4) && digits(&plain, plain.len()).is_some()
        }
        None => matches!(text, "" | "Z" | "z"),
    }
}

fn thousandths(fraction: &str) -> Option<i64> {
    let kept: String = fraction.chars().chain("000".chars()).take(3).collect();
    digits(fraction, fraction.len())?;
    digits(&kept, 3)
}

/// A number of exactly `length` digits.
fn digits(text: &str, length: usize) -> Option<i64> {
    let is_digits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.get(..length.min(18))?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_milliseconds() {
        for (text, expected) in [
            ("1700000000000", Some(1_700_000_000_000)),
            (" -5 ", Some(-5)),
            ("1970-01-01", Some(0)),
            ("2024-05-01", Some(1_714_521_600_000)),
            ("2024-02-29", Some(1_709_164_800_000)),
            ("2024-05", Some(1_714_521_600_000)),
            ("1969-12-31", Some(-86_400_000)),
            ("2024-05-01T00:00:00Z", Some(1_714_521_600_000)),
            ("2024-05-01T00:00:00+02:00", Some(1_714_521_600_000)),
            ("2024-05-01 12:30", Some(1_714_566_600_000)),
            ("2024-05-01T12:30:15.25-0330", Some(1_714_566_615_250)),
            ("20240501T123015", Some(1_714_566_615_000)),
            ("2024-05-01T12", Some(1_714_564_800_000)),
            ("2023-02-29", None),
            ("2024-13-01", None),
            ("2024-5-1", None),
            ("01/05/2024", None),
            ("2024-05-01T25:00", None),
            ("2024-05-01T12:30:15.", None),
            ("2024-05-01T12:30+", None),
            ("2024-05-01T", None),
            ("tomorrow", None),
            ("1e5", None),
            ("é024-05-01", None),
            ("", None),
        ] {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }
}
