//! Sealing a payload and opening its answer (protocol 5.2 to 5.5).

use serde::Serialize;

use super::Error;
use super::server_key::{KeyId, ServerKey};
use crate::buffer::Buffer;
use crate::codec;
use crate::crypto::{
    aead::{self, Key},
    ecies,
    signing::SigningKey,
};
use crate::sensitive::Sensitive;

/// An encrypted and signed request. The server accepts it once.
#[derive(Debug)]
pub struct Envelope {
    /// Header `PublicKeyId`: the id of the server key that wraps the reply key.
    pub key_id: KeyId,
    /// Header `TransmissionKey`: the wrapped reply key in B64.
    pub transmission_key: String,
    /// Header `Authorization`: `Signature `, then a DER signature over wrapped key and body in B64.
    pub authorization: String,
    pub body: Vec<u8>,
}

/// Opens the one answer to its request. The protocol calls it the transmission key.
#[derive(Debug)]
pub struct ReplyKey(Key);

/// Encrypts `payload` to the server under a fresh reply key, and signs it.
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
    /// Authenticates and decrypts an answer. Most writes are answered with an empty body, which stays empty.
    pub fn open(self, body: Buffer) -> Result<Sensitive<Buffer>, Error> {
        if body.is_empty() {
            return Ok(Sensitive::default());
        }
        aead::open_buffer(&self.0, body).map_err(|_| Error::Unauthentic)
    }
}
