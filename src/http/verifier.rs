//! The one judge of a server's certificate: the checks of rustls, unless a setting lets anybody be the server (N3).

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::Error;
use super::issuer::UnknownIssuer;
use crate::environment::{Environment, NotBoolean, names};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    Required,
    /// Because of this setting.
    Skipped(&'static str),
}

impl Verification {
    pub(super) fn from_environment(environment: &Environment) -> Result<Self, Error> {
        match environment.boolean(names::KSM_SKIP_VERIFY) {
            Ok(Some(true)) => Ok(Self::Skipped(names::KSM_SKIP_VERIFY)),
            Ok(Some(false) | None) => Ok(Self::Required),
            Err(NotBoolean { name }) => Err(Error::Boolean { setting: name }),
        }
    }
}

#[derive(Debug)]
pub(super) struct Verifier {
    checks: Arc<WebPkiServerVerifier>,
    verification: Verification,
}

impl Verifier {
    /// Needs a root in either case.
    pub(super) fn new(
        roots: RootCertStore,
        provider: Arc<CryptoProvider>,
        verification: Verification,
    ) -> Result<Self, rustls::Error> {
        let checks = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
        Ok(Self {
            checks: checks.map_err(|reason| rustls::Error::General(reason.to_string()))?,
            verification,
        })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Verification::Skipped(_) = self.verification {
            return Ok(ServerCertVerified::assertion());
        }
        let checked = self
            .checks
            .verify_server_cert(certificate, others, name, ocsp, now);
        checked.map_err(|error| match error {
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                let issuer = UnknownIssuer::of(others.last().unwrap_or(certificate));
                issuer.map_or(error, Into::into)
            }
            error => error,
        })
    }

    // The handshake is checked in either case, so that the connection is private to the holder of the certificate.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.checks
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.checks
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.checks.supported_verify_schemes()
    }
}

#[cfg(all(test, feature = "dev-vault"))]
mod tests {
    use std::time::Duration;

    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
    use rustls::crypto::ring;

    use super::*;

    struct Authority {
        root: CertificateDer<'static>,
        issuer: Issuer<'static, KeyPair>,
    }

    impl Authority {
        fn new(name: &str) -> Self {
            let mut params = CertificateParams::new([]).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let names = &mut params.distinguished_name;
            names.push(rcgen::DnType::CommonName, name);
            let key = KeyPair::generate().unwrap();
            let root = params.self_signed(&key).unwrap().der().clone();
            let issuer = Issuer::new(params, key);
            Self { root, issuer }
        }

        fn vouches(&self, host: &str, year: i32) -> CertificateDer<'static> {
            let mut params = CertificateParams::new([host.to_owned()]).unwrap();
            params.not_before = rcgen::date_time_ymd(2020, 1, 1);
            params.not_after = rcgen::date_time_ymd(year, 1, 1);
            let key = KeyPair::generate().unwrap();
            params.signed_by(&key, &self.issuer).unwrap().der().clone()
        }
    }

    fn verifier(root: &CertificateDer<'static>, verification: Verification) -> Verifier {
        let mut roots = RootCertStore::empty();
        roots.add(root.clone()).unwrap();
        Verifier::new(roots, Arc::new(ring::default_provider()), verification).unwrap()
    }

    /// The middle of 2025.
    fn now() -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(1_750_000_000))
    }

    #[test]
    fn nothing_is_accepted_that_the_checks_refuse() {
        let (ours, other) = (
            Authority::new("Ours"),
            Authority::new("Other\u{1b}[2J\nError: x"),
        );
        let verifier = verifier(&ours.root, Verification::Required);
        let host = ServerName::try_from("vault.example").unwrap();
        let mut spoiled = ours.vouches("vault.example", 2030).to_vec();
        *spoiled.last_mut().unwrap() ^= 1;
        let chain = std::slice::from_ref(&other.root);
        for (certificate, others, accepted) in [
            (ours.vouches("vault.example", 2030), [].as_slice(), true),
            (ours.vouches("vault.example", 2030), chain, true),
            (ours.vouches("vault.example", 2024), &[], false),
            (ours.vouches("other.example", 2030), &[], false),
            (other.vouches("vault.example", 2030), &[], false),
            (other.vouches("vault.example", 2030), chain, false),
            (CertificateDer::from(spoiled), &[], false),
            (CertificateDer::from(vec![0x30; 40]), &[], false),
            (CertificateDer::from(vec![]), chain, false),
        ] {
            let judged = verifier.verify_server_cert(&certificate, others, &host, &[], now());
            let checks = &verifier.checks;
            let checked = checks.verify_server_cert(&certificate, others, &host, &[], now());
            assert_eq!((judged.is_ok(), checked.is_ok()), (accepted, accepted));
            let said = judged.map_err(|error| error.to_string()).err();
            let said = said.unwrap_or_default();
            assert!(!said.contains(['\u{1b}', '\n']), "{said}");
        }
    }
}
