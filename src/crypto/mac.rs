//! HMAC: client ids and one-time codes.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::Error;
use crate::codec;

const CLIENT_ID_MESSAGE: &[u8] = b"KEEPER_SECRETS_MANAGER_CLIENT_ID";

/// Derives the client id of a token's client key, in B64 (protocol 2).
pub fn client_id(client_key: &[u8]) -> Result<String, Error> {
    let mut mac = Hmac::<Sha512>::new_from_slice(client_key).map_err(|_| Error::Length)?;
    mac.update(CLIENT_ID_MESSAGE);
    Ok(codec::encode(&mac.finalize().into_bytes()))
}

/// The hash functions of one-time codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// HMAC relies on nothing of it that is broken.
    Sha1,
    Sha256,
    Sha512,
}

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
