//! ECIES on P-256 (protocol 5.2): `ephemeral public point (65) || AES-256-GCM box` under
//! SHA-256 of the shared x coordinate.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::aead::{self, Key};
use super::signing::{PublicKey, SigningKey};
use super::{Error, signing};
use crate::sensitive::Sensitive;

/// Encrypts for the holder of `recipient` with a key pair that is used once.
pub fn seal(recipient: &PublicKey, plain: &[u8]) -> Result<Vec<u8>, Error> {
    let ephemeral = SigningKey::generate()?;
    let key = derive_key(&ephemeral, recipient)?;
    let body = aead::seal(&key, plain)?;
    Ok([ephemeral.public_key().to_bytes().as_slice(), &body].concat())
}

pub fn open(recipient: &SigningKey, sealed: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
    let (ephemeral, body) = sealed
        .split_at_checked(signing::PUBLIC_LENGTH)
        .ok_or(Error::Length)?;
    aead::open(
        &derive_key(recipient, &PublicKey::from_bytes(ephemeral)?)?,
        body,
    )
}

fn derive_key(ours: &SigningKey, theirs: &PublicKey) -> Result<Key, Error> {
    let shared = ours.agree(theirs);
    let digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(shared.as_slice())));
    Key::from_bytes(digest.as_slice())
}
