//! Numbers by their digits.

use std::cmp::Ordering;

/// The shortest digits of a decimal and its power of ten, if it has one, as Python and Rust print it. `None` for whole
/// numbers, and for decimals that no double holds as they are written.
pub(super) fn decimal(written: &str) -> Option<(String, Option<i32>)> {
    if !written.contains(['.', 'e', 'E']) {
        return None;
    }
    let shortest = format!("{:?}", written.parse::<f64>().ok()?);
    if significant(&shortest)? != significant(written)? {
        return None;
    }
    Some(match shortest.split_once('e') {
        None => (shortest, None),
        Some((digits, power)) => (digits.to_owned(), Some(power.parse().ok()?)),
    })
}

/// `None` where one of them is no number, or is too large to tell.
pub(crate) fn compare_numbers(left: &str, right: &str) -> Option<Ordering> {
    let parts = |number: &str| {
        let (digits, power) = significant(number)?;
        let magnitude = power.checked_add(digits.len() as i64)?;
        let is_negative = number.starts_with('-');
        Some((digits.is_empty(), is_negative, magnitude, digits))
    };
    let (left, right) = (parts(left)?, parts(right)?);
    let sign = |(is_zero, is_negative, ..): &(bool, bool, i64, String)| match (is_zero, is_negative)
    {
        (true, _) => 0,
        (false, true) => -1,
        (false, false) => 1,
    };
    let by_size = || (left.2, &left.3).cmp(&(right.2, &right.3));
    Some(
        sign(&left)
            .cmp(&sign(&right))
            .then_with(|| match sign(&left) {
                -1 => by_size().reverse(),
                _ => by_size(),
            }),
    )
}

/// Digits without zeros at their ends, and the power of ten of the last one.
fn significant(number: &str) -> Option<(String, i64)> {
    let (digits, power) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{}{fraction}", whole.trim_start_matches('-'));
    let ends = all.trim_end_matches('0');
    let zeros = all.len() - ends.len();
    let digits = ends.trim_start_matches('0').to_owned();
    let power = power.parse::<i64>().ok()?;
    let power = power.checked_add(zeros as i64 - fraction.len() as i64)?;
    Some(if digits.is_empty() {
        (digits, 0)
    } else {
        (digits, power)
    })
}
