//! One-time codes at fixed moments, RFC 6238's own among them. Where a vector says what is recommended instead of what
//! the official client does, that holds.

use ksm::vault::totp::{Error, Totp};

use super::data::{expected, list, parse, text};

#[test]
fn codes_are_those_of_the_published_clients() {
    for vector in list(&parse(include_str!("totp.json"))["vectors"]) {
        let wanted = expected(vector);
        let now = vector["unix_time"].as_u64().unwrap();
        match Totp::parse(text(vector, "url")).map(|totp| totp.at(now)) {
            Ok(code) => {
                assert_eq!(wanted["code"], *code.digits.expose(), "{vector}");
                assert_eq!(wanted["time_left"], code.seconds_left, "{vector}");
                assert_eq!(wanted["period"], code.period, "{vector}");
            }
            Err(error) => assert_eq!(error, named(text(&wanted["error"], "code")), "{vector}"),
        }
    }
}

fn named(code: &str) -> Error {
    match code {
        "totp.not_otpauth" => Error::NotOtpauth,
        "totp.counter" => Error::Counter,
        "totp.no_secret" => Error::NoSecret,
        "totp.bad_algorithm" => Error::Algorithm,
        "totp.bad_digits" => Error::Digits,
        "totp.bad_base32" | "base64.invalid" => Error::Secret,
        _ => panic!("{code}"),
    }
}
