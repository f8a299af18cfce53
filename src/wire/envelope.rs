//! Sealing a payload and opening its answer (protocol.md 5.2 to 5.5).

use serde::Serialize;

use super::Error;
use super::server_key::{KeyId, ServerKey};
use crate::codec;
use crate::crypto::{
    aead::{self, Key},
    ecies,
    signing::SigningKey,
};
use crate::sensitive::Sensitive;

/// A request ready to be posted: encrypted, signed, and of no use twice.
#[derive(Debug)]
pub struct Envelope {
    /// `PublicKeyId`: which server key the reply key is wrapped for.
    pub key_id: KeyId,
    /// `TransmissionKey`: the wrapped reply key in B64.
    pub transmission_key: String,
    /// `Authorization`: `Signature ` and a DER signature over wrapped key and body in B64.
    pub authorization: String,
    /// The encrypted payload.
    pub body: Vec<u8>,
}

/// Opens the one answer to the request it was made for. The protocol calls it the transmission key.
#[derive(Debug)]
pub struct ReplyKey(Key);

/// Encrypts `payload` to the server and signs it, with a key for its answer that is used for nothing else.
pub fn seal<P: Serialize>(
    payload: &P,
    to: &ServerKey,
    by: &SigningKey,
) -> Result<(Envelope, ReplyKey), Error> {
    let key = Key::generate()?;
    let wrapped = ecies::seal(to.point(), key.expose())?;
    let plain = Sensitive::new(
        serde_json::to_vec(payload).map_err(|error| Error::malformed("the request", &error))?,
    );
    let body = aead::seal(&key, plain.expose())?;
    let signature = by.sign(&[&wrapped, &body]);
    let envelope = Envelope {
        key_id: to.id(),
        transmission_key: codec::encode(&wrapped),
        authorization: format!("Signature {}", codec::encode(&signature)),
        body,
    };
    Ok((envelope, ReplyKey(key)))
}

impl ReplyKey {
    /// Authenticates and decrypts an answer; an empty one stays empty (protocol.md 5.5).
    pub fn open(self, body: Vec<u8>) -> Result<Sensitive<Vec<u8>>, Error> {
        if body.is_empty() {
            return Ok(Sensitive::default());
        }
        aead::open_owned(&self.0, body).map_err(|_| Error::Unauthentic)
    }
}
