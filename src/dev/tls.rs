//! The certificates of the development vault: an authority of its own, and a certificate for the names of loopback.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use time::{Duration, OffsetDateTime};

use crate::clock;
use crate::http::certificates;
use crate::http::trust::CertificateClock;

pub(super) const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

const DAY: Duration = Duration::DAY;

/// A new TLS server's certificate and key.
#[derive(Debug, Clone)]
pub struct ServerCertificate {
    pub config: Arc<ServerConfig>,
    /// The authority's certificate, which a client has to trust.
    pub ca_pem: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    #[error("cannot use the certificate")]
    Tls(#[from] rustls::Error),
}

impl ServerCertificate {
    /// Makes an authority and a certificate for `names`, and drops the authority's key.
    pub fn generate(names: &[&str]) -> Result<Self, Error> {
        let mut authority = params(Vec::new(), "ksm development authority")?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority_key = KeyPair::generate()?;
        let ca_pem = certificates::pem(&[authority.self_signed(&authority_key)?.into()]);
        let issuer = Issuer::new(authority, authority_key);

        let names = names.iter().map(ToString::to_string).collect();
        let mut leaf = params(names, "ksm development vault")?;
        leaf.use_authority_key_identifier_extension = true;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let certificate = leaf.signed_by(&key, &issuer)?;

        // A process-wide default would be a side effect of a library.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_details(provider, Arc::new(CertificateClock))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )?;
        Ok(Self {
            config: Arc::new(config),
            ca_pem,
        })
    }
}

/// Valid from yesterday, since clocks differ, for as long as strict clients accept (825 days).
fn params(names: Vec<String>, title: &str) -> Result<CertificateParams, rcgen::Error> {
    let now = clock::nearest();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, title);
    // Clients read no date before 1970.
    params.not_before = now.saturating_sub(DAY).max(OffsetDateTime::UNIX_EPOCH);
    params.not_after = now.saturating_add(800 * DAY);
    Ok(params)
}
