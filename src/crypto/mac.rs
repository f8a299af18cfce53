//! HMAC, for the two things that are derived with it: the client id, and one-time codes.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::Error;
use crate::codec;

const CLIENT_ID_MESSAGE: &[u8] = b"KEEPER_SECRETS_MANAGER_CLIENT_ID";

/// The client id that belongs to a token's client key, in B64 (protocol.md 2).
pub fn client_id(client_key: &[u8]) -> Result<String, Error> {
    let mut mac = Hmac::<Sha512>::new_from_slice(client_key).map_err(|_| Error::Length)?;
    mac.update(CLIENT_ID_MESSAGE);
    Ok(codec::encode(&mac.finalize().into_bytes()))
}

/// The hash functions that one-time codes are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// What everybody uses; HMAC asks nothing of it that is broken.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// HMAC of `message`.
pub fn hmac(hash: Hash, key: &[u8], message: &[u8]) -> Result<Vec<u8>, Error> {
    macro_rules! of {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(key).map_err(|_| Error::Length)?;
            mac.update(message);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    Ok(match hash {
        Hash::Sha1 => of!(Sha1),
        Hash::Sha256 => of!(Sha256),
        Hash::Sha512 => of!(Sha512),
    })
}
