//! The protocol's cryptography (protocol.md 5.2 to 5.4) as thin wrappers over RustCrypto: who may use which key on
//! what, and lengths checked before use. Keys of the vault get their own types in `vault::keys`.

pub mod aead;
pub mod cbc;
pub mod ecies;
pub mod mac;
pub mod random;
pub mod signing;

/// Why a cryptographic operation gave nothing. It never carries data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random numbers")]
    Random,
    /// The tag does not fit: another key, or the data was changed.
    #[error("it was encrypted with another key, or was changed")]
    Authentication,
    /// Too short or of the wrong size to be what it should be.
    #[error("it has the wrong length")]
    Length,
    /// Not a key on the curve P-256.
    #[error("it is not a key of the curve P-256")]
    Key,
    /// The signature does not fit the message and key.
    #[error("the signature is wrong")]
    Signature,
}
