//! One-time codes from the `otpauth` addresses in records (protocol 12, RFC 6238).

use crate::codec;
use crate::crypto::mac::{self, Hash};
use crate::sensitive::Sensitive;

/// In seconds, where the address does not say.
const PERIOD: u64 = 30;
const DIGITS: u64 = 6;

/// What HTML writes behind the `&` of an `&`.
const AMPERSANDS: [&str; 4] = ["amp;", "#38;", "#038;", "#x26;"];

/// Quotes nothing, since the address holds the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("it is not an otpauth:// address")]
    NotOtpauth,
    #[error(
        "its address is of a counter code (HOTP), and only codes of the clock (TOTP) are computed"
    )]
    Counter,
    #[error("its address is of another kind of code than those of the clock (TOTP)")]
    OtherKind,
    #[error(
        "its address is of Steam, whose codes have letters, and only codes of digits are computed"
    )]
    Steam,
    /// None, or an empty one.
    #[error("its address has no secret")]
    NoSecret,
    #[error("its secret is not base32")]
    Secret,
    #[error("its algorithm is none of SHA1, SHA256 and SHA512")]
    Algorithm,
    #[error("its number of digits is none of 6, 7 and 8")]
    Digits,
    #[error("its period is not a number of seconds")]
    Period,
}

#[derive(Debug, Clone)]
pub struct Totp {
    secret: Sensitive<Vec<u8>>,
    hash: Hash,
    digits: u32,
    period: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeCode {
    /// With leading zeros.
    pub digits: Sensitive<String>,
    /// From 1.
    pub seconds_left: u64,
    /// In seconds.
    pub period: u64,
}

impl Totp {
    /// Reads an address such as `otpauth://totp/Name?secret=JBSWY3DPEHPK3PXP`. Of a parameter given twice the last one
    /// counts; empty ones are ignored, as is `counter`, which belongs to another kind of code. An address that was copied
    /// from HTML has `&amp;` for `&`.
    pub fn parse(address: &str) -> Result<Self, Error> {
        let (scheme, rest) = address.split_once(':').ok_or(Error::NotOtpauth)?;
        if !scheme.eq_ignore_ascii_case("otpauth") {
            return Err(Error::NotOtpauth);
        }
        let rest = without_html(rest);
        let rest = rest.expose().split('#').next().unwrap_or_default();
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        // An empty host says nothing, so the kind may stand behind it.
        let (kind, label) = place
            .trim_start_matches('/')
            .split_once('/')
            .unwrap_or((place.trim_start_matches('/'), ""));
        match &*kind.to_ascii_lowercase() {
            "totp" | "" => {}
            "hotp" => return Err(Error::Counter),
            "steam" => return Err(Error::Steam),
            _ => return Err(Error::OtherKind),
        }
        let parameter = |wanted: &str| {
            form_urlencoded::parse(query.as_bytes())
                .filter(|(name, value)| name.eq_ignore_ascii_case(wanted) && !value.is_empty())
                .last()
                .map(|(_, value)| Sensitive::new(value.into_owned()))
        };
        if is_of_steam(label) || parameter("issuer").is_some_and(|issuer| is_steam(issuer.expose()))
        {
            return Err(Error::Steam);
        }
        let secret = parameter("secret").ok_or(Error::NoSecret)?;
        let secret = codec::decode_base32(secret.expose()).ok_or(Error::Secret)?;
        if secret.expose().is_empty() {
            return Err(Error::NoSecret);
        }
        let hash = match parameter("algorithm") {
            None => Hash::Sha1,
            Some(name) => hash(name.expose()).ok_or(Error::Algorithm)?,
        };
        // Codes of Steam have letters.
        if parameter("encoder").is_some() {
            return Err(Error::OtherKind);
        }
        // Other clients take zero for the usual number.
        let number = |wanted, usual| match parameter(wanted).map(|number| number.expose().parse()) {
            None | Some(Ok(0)) => Some(usual),
            Some(number) => number.ok(),
        };
        let digits = number("digits", DIGITS).filter(|digits| matches!(digits, 6..=8));
        let period = number("period", PERIOD);
        Ok(Self {
            secret,
            hash,
            digits: digits.ok_or(Error::Digits)? as u32,
            period: period.ok_or(Error::Period)?,
        })
    }

    /// `seconds` since 1970.
    pub fn at(&self, seconds: u64) -> OneTimeCode {
        let step = (seconds / self.period).to_be_bytes();
        // HMAC takes keys of any length.
        let mac = mac::hmac(self.hash, self.secret.expose(), &step).unwrap_or_default();
        let number = truncated(&mac) % 10_u32.pow(self.digits);
        OneTimeCode {
            digits: format!("{number:0width$}", width = self.digits as usize).into(),
            seconds_left: self.period - seconds % self.period,
            period: self.period,
        }
    }
}

/// The address with `&` in place of what HTML writes for it, also where that was done twice.
fn without_html(address: &str) -> Sensitive<String> {
    let mut plain = Sensitive::new(String::with_capacity(address.len()));
    for (at, mut part) in address.split('&').enumerate() {
        if at > 0 {
            plain.expose_mut().push('&');
            while let Some(rest) = AMPERSANDS.iter().find_map(|name| without(part, name)) {
                part = rest;
            }
        }
        plain.expose_mut().push_str(part);
    }
    plain
}

fn without<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    let (found, rest) = text.split_at_checked(start.len())?;
    found.eq_ignore_ascii_case(start).then_some(rest)
}

/// Whether a label such as `Steam:ada` names Steam.
fn is_of_steam(label: &str) -> bool {
    let decoded = form_urlencoded::parse(label.as_bytes()).next();
    decoded.is_some_and(|(label, _)| is_steam(label.split(':').next().unwrap_or_default()))
}

fn is_steam(issuer: &str) -> bool {
    issuer.trim().eq_ignore_ascii_case("steam")
}

/// RFC 4226 5.3.
fn truncated(mac: &[u8]) -> u32 {
    let start = mac.last().map_or(0, |last| usize::from(last & 0xf));
    let bytes = mac.get(start..).and_then(<[u8]>::first_chunk);
    u32::from_be_bytes(bytes.copied().unwrap_or_default()) & 0x7fff_ffff
}

fn hash(name: &str) -> Option<Hash> {
    match name.to_ascii_uppercase().as_str() {
        "SHA1" => Some(Hash::Sha1),
        "SHA256" => Some(Hash::Sha256),
        "SHA512" => Some(Hash::Sha512),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn addresses_are_read_as_other_clients_write_them() {
        let table = "
            otpauth://totp/A B:c@d?SECRET => 324550
            otpauth:?SECRET => 324550
            otpauth://totp/A?SECRET&secret= => 324550
            otpauth://totp/A?SECRET#&digits=8 => 324550
            otpauth://totp/A?SECRET&period=18446744073709551615 => 282760
            otpauth://TOTP/A?SECRET&counter=7 => 324550
            otpauth://hotp/A?SECRET => Counter
            otpauth:HOTP?SECRET => Counter
            otpauth:///hotp/A?SECRET&counter=1 => Counter
            otpauth:////HOTP/A?SECRET => Counter
            otpauth:///totp/A?SECRET => 324550
            otpauth:///A?SECRET => OtherKind
            otpauth://totp/A?SECRET&amp;period=18446744073709551615&amp;digits=6 => 282760
            otpauth://totp/A?SECRET&#38;period=18446744073709551615 => 282760
            otpauth://totp/A?SECRET&amp;amp;Period=18446744073709551615 => 282760
            otpauth://totp/A?a=&AMP;SECRET&#x26;digits=9 => Digits
            otpauth://steam/A?SECRET => Steam
            otpauth://totp/Steam:x?SECRET&issuer=Steam => Steam
            otpauth://totp/x?SECRET&amp;issuer=%20steam => Steam
            otpauth://totp/steam%3Ax?SECRET => Steam
            otpauth://totp/Steamboat:x?SECRET => 324550
            otpauth://totp/A?SECRET&encoder=steam => OtherKind
            otpauth://totp/A#?SECRET => NoSecret
            otpauth://totp/A?secret=-%20- => NoSecret
            JBSWY3DPEHPK3PXP => NotOtpauth
        ";
        for (address, expected) in cases(table) {
            let address = address.replace("SECRET", "secret=JBSWY3DPEHPK3PXP");
            let code = match Totp::parse(&address) {
                Ok(totp) => totp.at(1_700_000_000).digits.expose().clone(),
                Err(error) => format!("{error:?}"),
            };
            assert_eq!(code, expected, "{address}");
        }
    }

    #[test]
    fn what_gives_a_wrong_code_is_refused() {
        for (parameter, values, error) in [
            (
                "digits",
                &["5", "9", "six", "-6", "6.0", "4294967302"][..],
                Error::Digits,
            ),
            (
                "period",
                &["-30", "half", "30.5", "99999999999999999999999"],
                Error::Period,
            ),
            ("algorithm", &["MD5", "SHA-1", "sha3"], Error::Algorithm),
            ("secret", &["0", "18"], Error::Secret),
        ] {
            for value in values {
                let address =
                    format!("otpauth://totp/A?secret=JBSWY3DPEHPK3PXP&{parameter}={value}");
                assert_eq!(Totp::parse(&address).err(), Some(error), "{address}");
            }
        }
    }

    #[test]
    fn neither_secret_nor_code_prints() {
        let totp = Totp::parse("otpauth://totp/A?secret=JBSWY3DPEHPK3PXP").unwrap();
        let said = format!("{totp:?} {:?}", totp.at(0));
        assert!(
            !said.contains("282760") && !said.contains("72, 101"),
            "{said}"
        );
    }
}
