//! The identity of a device to the vault: its client id, signing key and application key.

use crate::crypto::aead::Key;
use crate::crypto::signing::{PublicKey, SigningKey};

/// Opens the keys of everything that is shared with the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppKey(pub Key);

/// The identity that a vault knows.
#[derive(Debug, Clone)]
pub struct Device {
    /// In B64 (protocol 2).
    pub client_id: String,
    pub signing_key: SigningKey,
    pub app_key: AppKey,
    /// New records are encrypted to it; devices bound by old clients lack it.
    pub owner_key: Option<PublicKey>,
}
