//! ECIES on P-256 (protocol 5.2): `ephemeral public point (65) || AES-256-GCM box` under
//! SHA-256 of the shared x coordinate.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Error;
use super::aead::{self, Key};
use super::signing::{self, PublicKey, SigningKey};
use crate::sensitive::Sensitive;

/// Encrypts for the holder of `recipient` with a key pair that is used once.
pub fn seal(recipient: &PublicKey, plain: &[u8]) -> Result<Vec<u8>, Error> {
    let agreed = recipient.agree_once()?;
    let body = aead::seal(&derive_key(&agreed.shared)?, plain)?;
    Ok([agreed.public.as_slice(), &body].concat())
}

pub fn open(recipient: &SigningKey, sealed: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
    let (ephemeral, body) = sealed
        .split_at_checked(signing::PUBLIC_LENGTH)
        .ok_or(Error::Length)?;
    let shared = recipient.agree(&PublicKey::from_bytes(ephemeral)?);
    aead::open(&derive_key(&shared)?, body)
}

fn derive_key(shared: &[u8; 32]) -> Result<Key, Error> {
    let digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(shared)));
    Key::from_bytes(digest.as_slice())
}
