//! Signatures with RSA (RSASSA-PKCS1-v1_5 with SHA-256), as Google wants them of a service account and Azure of an
//! application with a certificate. They are ring's, by way of rustls (D27). ring does not wipe the key.

use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::SigningKey;
use rustls::{SignatureAlgorithm, SignatureScheme};
use sha1::{Digest, Sha1};

use super::Error;

/// Of 2048 to 8192 bits.
#[derive(Clone)]
pub struct RsaKey(Arc<dyn SigningKey>);

impl RsaKey {
    /// Reads PKCS#8 or PKCS#1.
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| Error::RsaKey)?;
        let key = any_supported_type(&der).map_err(|_| Error::RsaKey)?;
        match key.algorithm() {
            SignatureAlgorithm::RSA => Ok(Self(key)),
            _ => Err(Error::RsaKey),
        }
    }

    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let scheme = [SignatureScheme::RSA_PKCS1_SHA256];
        let signer = self.0.choose_scheme(&scheme).ok_or(Error::RsaKey)?;
        signer.sign(message).map_err(|_| Error::Random)
    }
}

/// Not checked: whoever is sent it does that.
pub struct Certificate(CertificateDer<'static>);

impl Certificate {
    /// The certificates in PEM, in their order. Other things between them do not count.
    pub fn all_of_pem(pem: &str) -> Result<Vec<Self>, Error> {
        let found = CertificateDer::pem_slice_iter(pem.as_bytes());
        found
            .map(|one| one.map(Self).map_err(|_| Error::Certificate))
            .collect()
    }

    pub fn as_der(&self) -> &[u8] {
        &self.0
    }

    /// SHA-1, as others name certificates. It proves nothing.
    pub fn thumbprint(&self) -> [u8; 20] {
        Sha1::digest(self.as_der()).into()
    }
}

impl std::fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RsaKey")
    }
}
