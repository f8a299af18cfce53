//! A name for the issuer of a certificate that nobody vouches for.

use std::sync::Arc;

use rustls::{CertificateError, OtherError};

use crate::foreign::Text;

/// Of names of companies and their products, in characters.
const LONGEST: usize = 100;

/// The issuer of the last certificate that the server sent. Nothing proves the name.
#[derive(Debug, Clone, thiserror::Error)]
#[error("its certificate comes from `{0}`, whom nobody vouches for here")]
pub(super) struct UnknownIssuer(Text);

impl UnknownIssuer {
    /// `None` where the certificate names nobody.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        Some(Self(Text::cut(&issuer(certificate)?, LONGEST)))
    }
}

impl From<UnknownIssuer> for rustls::Error {
    fn from(issuer: UnknownIssuer) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(issuer))))
    }
}

/// The common name of the issuer (RFC 5280, 4.1), else its organization.
fn issuer(certificate: &[u8]) -> Option<String> {
    const EXPLICIT_VERSION: u8 = 0xa0;
    const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    const ORGANIZATION: &[u8] = &[0x55, 4, 10];
    let (_, signed) = elements(certificate).next()?;
    let (_, to_be_signed) = elements(signed).next()?;
    // The serial number and the algorithm stand before it.
    let mut fields = elements(to_be_signed).skip_while(|(tag, _)| *tag == EXPLICIT_VERSION);
    let (_, issuer) = fields.nth(2)?;
    let attributes = || {
        let sets = elements(issuer).flat_map(|(_, set)| elements(set));
        sets.filter_map(|(_, attribute)| {
            let mut parts = elements(attribute);
            Some((parts.next()?.1, parts.next()?.1))
        })
    };
    let found = |kind| attributes().find(|(found, _)| *found == kind);
    let (_, name) = found(COMMON_NAME).or_else(|| found(ORGANIZATION))?;
    Some(String::from_utf8_lossy(name).into_owned())
}

/// The elements of DER in a row, each with its tag; the first that is none ends them.
fn elements(mut der: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, rest) = der.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            0x81..=0x84 => {
                let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
                let length = length.iter().fold(0, add);
                (usize::try_from(length).ok()?, rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        der = rest;
        Some((*tag, content))
    })
}

#[cfg(all(test, feature = "dev-vault"))]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;

    #[test]
    fn the_name_of_an_issuer_is_read_or_nothing() {
        let made = |names: &[(DnType, &str)]| {
            let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
            params.distinguished_name = rcgen::DistinguishedName::new();
            for (kind, name) in names {
                params.distinguished_name.push(kind.clone(), *name);
            }
            let key = KeyPair::generate().unwrap();
            params.self_signed(&key).unwrap().der().to_vec()
        };
        let long = "x".repeat(300);
        for (names, expected) in [
            (
                &[
                    (DnType::OrganizationName, "Müller"),
                    (DnType::CommonName, "Root"),
                ][..],
                Some("Root"),
            ),
            (&[(DnType::OrganizationName, "Müller")], Some("Müller")),
            (&[(DnType::CountryName, "DE")], None),
            (&[], None),
            (&[(DnType::CommonName, &long)], Some(&long)),
        ] {
            let der = made(names);
            assert_eq!(issuer(&der).as_deref(), expected);
            // Whatever is cut or spoiled brings nothing down.
            for at in 0..der.len() {
                issuer(&der[..at]);
                let mut spoiled = der.clone();
                spoiled[at] = !spoiled[at];
                issuer(&spoiled);
            }
        }
    }

    #[test]
    fn a_hostile_certificate_costs_no_time() {
        let element = |tag: u8, content: &[u8]| {
            let length = u32::try_from(content.len()).unwrap().to_be_bytes();
            [&[tag, 0x84], &length[..], content].concat()
        };
        // As many as a handshake holds.
        let names = [0x31, 6, 0x30, 4, 6, 0, 12, 0].repeat(8_000);
        let fields = [element(2, &[1]), element(0x30, &[]), element(0x30, &names)];
        let hostile = element(0x30, &element(0x30, &fields.concat()));
        let started = std::time::Instant::now();
        for _ in 0..20 {
            assert!(UnknownIssuer::of(&hostile).is_none());
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(2));
    }
}
