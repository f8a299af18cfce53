//! The values of YAML scalars without quotes (core schema). Numbers that would lose characters, such as `007` and
//! `1_000`, stay texts: a password or telephone number comes out as it was typed.

use serde_json::Number;

use super::Node;

/// The value of a scalar that stands without quotes.
pub(super) fn resolve(text: &str) -> Node {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Node::Null,
        "true" | "True" | "TRUE" => Node::bare("true"),
        "false" | "False" | "FALSE" => Node::bare("false"),
        _ => match number(text) {
            Some(number) => Node::bare(number.to_string()),
            None => Node::text(text),
        },
    }
}

fn number(text: &str) -> Option<Number> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (if text.starts_with('-') { -1 } else { 1 }, digits),
        None => (1, text),
    };
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)];
    let radix = radix
        .iter()
        .find_map(|(prefix, radix)| Some((digits.strip_prefix(prefix)?, *radix)));
    let (digits, radix) = radix.unwrap_or((digits, 10));
    let is_whole = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    if is_whole && radix == 10 {
        // `007` is not JSON.
        return text.trim_start_matches('+').parse().ok();
    }
    if is_whole {
        let whole = i128::from_str_radix(digits, radix).ok()?;
        return Number::from_i128(sign * whole);
    }
    let is_decimal = digits.contains(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    let double = text.parse().ok().filter(|_| is_decimal && radix == 10);
    let double = Number::from_f64(double?)?;
    Some(text.parse().unwrap_or(double))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_have_values_unless_characters_would_be_lost() {
        for (text, expected) in [
            ("null", "null"),
            ("~", "null"),
            ("True", "true"),
            ("yes", "\"yes\""),
            ("5", "5"),
            ("+5", "5"),
            ("-0", "-0"),
            ("0x10", "16"),
            ("-0x10", "-16"),
            ("0o17", "15"),
            ("0b11", "3"),
            ("1.50", "1.50"),
            ("-0.0", "-0.0"),
            ("1.", "1.0"),
            ("+.5", "0.5"),
            ("1E3", "1e+3"),
            ("18446744073709551615", "18446744073709551615"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("007", "\"007\""),
            ("-007", "\"-007\""),
            ("00.5", "0.5"),
            ("1_000", "\"1_000\""),
            ("0x1G", "\"0x1G\""),
            ("1e", "\"1e\""),
            ("e1", "\"e1\""),
            (".", "\".\""),
            (".inf", "\".inf\""),
            ("1e400", "\"1e400\""),
            ("0.1.2", "\"0.1.2\""),
            ("1:30", "\"1:30\""),
            ("2024-01-01", "\"2024-01-01\""),
        ] {
            let value = resolve(text).to_json();
            assert_eq!(value.to_string(), expected, "{text}");
        }
    }
}
