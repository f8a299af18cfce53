//! Who we are to the vault: a client id, the key we sign with, and the application's key.

use crate::crypto::aead::Key;
use crate::crypto::signing::{PublicKey, SigningKey};

/// The application's key, which opens the keys of what is shared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppKey(Key);

impl AppKey {
    /// Gives a key its role.
    pub fn new(key: Key) -> Self {
        Self(key)
    }

    /// The key itself.
    pub fn key(&self) -> &Key {
        &self.0
    }
}

/// A device that a vault knows.
#[derive(Debug, Clone)]
pub struct Device {
    /// The name the server knows it by, in B64 (protocol.md 2).
    pub client_id: String,
    /// Signs every request.
    pub signing_key: SigningKey,
    /// Opens what is shared with the application.
    pub app_key: AppKey,
    /// What new records are encrypted to; devices bound by old clients lack it.
    pub owner_key: Option<PublicKey>,
}
