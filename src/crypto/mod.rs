//! The protocol's cryptography (protocol 5.2 to 5.4), and the derivation of the cache's keys, as thin wrappers over
//! RustCrypto and ring (D27), which check lengths before use; and RSA for Google and Azure.
//! The keys of a vault get types of their own in `vault::keys`.

pub mod aead;
pub mod cbc;
pub mod ecies;
pub mod kdf;
pub mod mac;
pub mod random;
pub mod rsa;
pub mod signing;

/// Carries no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the operating system gave no random numbers")]
    Random,
    #[error("it was encrypted with another key, or was changed")]
    Authentication,
    #[error("it has the wrong length")]
    Length,
    #[error("it is not a key of the curve P-256")]
    Key,
    #[error("it is no RSA key of 2048 bits or more")]
    RsaKey,
    #[error("it is no certificate")]
    Certificate,
    #[error("the signature is wrong")]
    Signature,
}
