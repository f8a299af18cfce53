//! The server's public keys: the published table by id, and the custom key of a configuration (protocol 4).

use std::fmt;
use std::str::FromStr;

use super::endpoint::HostName;
use crate::codec;
use crate::crypto::{self, signing::PublicKey};

/// Ids 1 to 7 name this key; the others follow in order.
const FIRST_SEVEN: &str =
    "BK9w6TZFxE6nFNbMfIpULCup2a8xc6w2tUTABjxny7yFmxW0dAEojwC6j6zb5nTlmb1dAx8nwo3qF7RPYGmloRM";
const FROM_EIGHT: &[&str] = &[
    "BKnhy0obglZJK-igwthNLdknoSXRrGB-mvFRzyb_L-DKKefWjYdFD2888qN1ROczz4n3keYSfKz9Koj90Z6w_tQ",
    "BAsPQdCpLIGXdWNLdAwx-3J5lNqUtKbaOMV56hUj8VzxE2USLHuHHuKDeno0ymJt-acxWV1xPlBfNUShhRTR77g",
    "BNYIh_Sv03nRZUUJveE8d2mxKLIDXv654UbshaItHrCJhd6cT7pdZ_XwbdyxAOCWMkBb9AZ4t1XRCsM8-wkEBRg",
    "BA6uNfeYSvqagwu4TOY6wFK4JyU5C200vJna0lH4PJ-SzGVXej8l9dElyQ58_ljfPs5Rq6zVVXpdDe8A7Y3WRhk",
    "BMjTIlXfohI8TDymsHxo0DqYysCy7yZGJ80WhgOBR4QUd6LBDA6-_318a-jCGW96zxXKMm8clDTKpE8w75KG-FY",
    "BJBDU1P1H21IwIdT2brKkPqbQR0Zl0TIHf7Bz_OO9jaNgIwydMkxt4GpBmkYoprZ_DHUGOrno2faB7pmTR7HhuI",
    "BJFF8j-dH7pDEw_U347w2CBM6xYM8Dk5fPPAktjib-opOqzvvbsER-WDHM4ONCSBf9O_obAHzCyygxmtpktDuiE",
    "BDKyWBvLbyZ-jMueORl3JwJnnEpCiZdN7yUvT0vOyjwpPBCDf6zfL4RWzvSkhAAFnwOni_1tQSl8dfXHbXqXsQ8",
    "BDXyZZnrl0tc2jdC5I61JjwkjK2kr7uet9tZjt8StTiJTAQQmnVOYBgbtP08PWDbecxnHghx3kJ8QXq1XE68y8c",
    "BFX68cb97m9_sweGdOVavFM3j5ot6gveg6xT4BtGahfGhKib-zdZyO9pwvv1cBda9ahkSzo1BQ4NVXp9qRyqVGU",
    "BNhngQqTT1bPKxGuB6FhbPTAeNVFl8PKGGSGo5W06xWIReutm6ix6JPivqnbvkydY-1uDQTr-5e6t70G01Bb5JA",
];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the server key id is not a number")]
    Id,
    #[error("the server key cannot be read")]
    Encoding(#[from] codec::Error),
    #[error("the server key cannot be used")]
    Point(#[from] crypto::Error),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyId(u32);

impl KeyId {
    /// Every official client starts with it.
    pub const DEFAULT: Self = Self(10);
}

impl From<u32> for KeyId {
    fn from(id: u32) -> Self {
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for KeyId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|_| digits)
            .map(Self)
            .ok_or(Error::Id)
    }
}

/// The key of a deployment with keys of its own, from a token or a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomKey {
    pub id: KeyId,
    pub key: PublicKey,
}

impl CustomKey {
    /// Reads a decimal id and a 65-byte point in base64.
    pub fn parse(id: &str, key: &str) -> Result<Self, Error> {
        Ok(Self {
            id: id.parse()?,
            key: PublicKey::from_bytes(&codec::decode(key)?)?,
        })
    }

    /// The point in U64, as configurations store it.
    pub fn encoded(&self) -> String {
        codec::encode_url(&self.key.to_bytes())
    }
}

/// The key that requests are encrypted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerKey {
    /// From the published table; the server may name another of it.
    Published(KeyId, PublicKey),
    /// From the configuration; the server cannot replace it.
    Custom(CustomKey),
}

impl ServerKey {
    pub fn published(id: KeyId) -> Option<Self> {
        let text = match id.0 {
            1..=7 => FIRST_SEVEN,
            other => FROM_EIGHT.get(usize::try_from(other.checked_sub(8)?).ok()?)?,
        };
        let key = PublicKey::from_bytes(&codec::decode(text).ok()?).ok()?;
        Some(Self::Published(id, key))
    }

    /// Prefers the custom key unless the host's keys are published (D16), then the published one with `id`,
    /// then the default, which the server corrects if it must.
    pub fn choose(host: &HostName, id: Option<KeyId>, custom: Option<CustomKey>) -> Option<Self> {
        match custom {
            Some(custom) if !host.has_published_keys() => Some(Self::Custom(custom)),
            _ => id
                .and_then(Self::published)
                .or_else(|| Self::published(KeyId::DEFAULT)),
        }
    }

    pub fn id(&self) -> KeyId {
        match self {
            Self::Published(id, _) => *id,
            Self::Custom(custom) => custom.id,
        }
    }

    /// The point to encrypt to.
    pub fn point(&self) -> &PublicKey {
        match self {
            Self::Published(_, key) => key,
            Self::Custom(custom) => &custom.key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_eighteen_points() {
        let known = (0..=30)
            .filter(|id| ServerKey::published(KeyId(*id)).is_some())
            .collect::<Vec<_>>();
        assert_eq!(known, (1..=18).collect::<Vec<_>>());
    }

    #[test]
    fn an_id_is_digits() {
        for (text, expected) in [
            ("8", Some(8)),
            ("", None),
            ("+8", None),
            ("8 ", None),
            ("4294967296", None),
        ] {
            assert_eq!(text.parse().ok(), expected.map(KeyId), "{text:?}");
        }
    }

    #[test]
    fn a_custom_key_never_replaces_a_published_one() {
        let custom = CustomKey::parse("20", FIRST_SEVEN).unwrap();
        let cases = [
            ("US", KeyId(10)),
            ("IL5", KeyId(20)),
            ("vault.example", KeyId(20)),
        ];
        for (host, expected) in cases {
            let host = HostName::parse(host).unwrap();
            assert_eq!(
                ServerKey::choose(&host, None, Some(custom.clone()))
                    .unwrap()
                    .id(),
                expected,
                "{host}"
            );
        }
    }

    #[test]
    fn an_id_outside_the_table_starts_with_the_default() {
        let host = HostName::default();
        for (id, expected) in [(Some(KeyId(12)), 12), (Some(KeyId(99)), 10), (None, 10)] {
            assert_eq!(
                ServerKey::choose(&host, id, None).unwrap().id(),
                KeyId(expected)
            );
        }
    }
}
