//! HMAC, for the one thing the protocol derives with it: the client id.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha512;

use super::Error;
use crate::codec;

const CLIENT_ID_MESSAGE: &[u8] = b"KEEPER_SECRETS_MANAGER_CLIENT_ID";

/// The client id that belongs to a token's client key, in B64 (protocol.md 2).
pub fn client_id(client_key: &[u8]) -> Result<String, Error> {
    let mut mac = Hmac::<Sha512>::new_from_slice(client_key).map_err(|_| Error::Length)?;
    mac.update(CLIENT_ID_MESSAGE);
    Ok(codec::encode(&mac.finalize().into_bytes()))
}
