//! AES-256-GCM in place.

use ::aes_gcm::aead::{AeadInOut, KeyInit};
use ::aes_gcm::{Aes256Gcm, Nonce, Tag};

pub const NONCE: usize = 12;
pub const TAG: usize = 16;

/// A key with its schedule, which is wiped when dropped.
pub struct Cipher(Aes256Gcm);

impl Cipher {
    #[inline(never)]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Aes256Gcm::new(key.into()))
    }

    /// Returns the tag, or `None` for a text of more than 64 GiB.
    #[inline(never)]
    pub fn encrypt(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        text: &mut [u8],
    ) -> Option<[u8; TAG]> {
        let nonce = Nonce::from(*nonce);
        let tag = self
            .0
            .encrypt_inout_detached(&nonce, associated, text.into());
        tag.ok().map(Into::into)
    }

    /// Whether `text` was encrypted with this key, nonce and associated data. It stays as it is if not.
    #[inline(never)]
    pub fn decrypt(
        &self,
        nonce: &[u8; NONCE],
        associated: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG],
    ) -> bool {
        let (nonce, tag) = (Nonce::from(*nonce), Tag::from(*tag));
        self.0
            .decrypt_inout_detached(&nonce, associated, text.into(), &tag)
            .is_ok()
    }
}
