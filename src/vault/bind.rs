//! From a one-time token to a device (protocol 7).

use super::error::Error;
use super::reader::parse;
use super::uid::NO_RECORD;
use crate::codec;
use crate::crypto::aead::{self, Key};
use crate::crypto::signing::PublicKey;
use crate::device::{AppKey, Device};
use crate::wire::payload::GetSecret;
use crate::wire::server_key::KeyId;
use crate::wire::session::Session;

/// A device that the server has accepted.
#[derive(Debug)]
pub struct BoundDevice {
    pub device: Device,
    /// The key the server wants from now on.
    pub server_key_id: KeyId,
}

/// A device about to be bound. One with the same key pair may try again when an answer was lost, since the server then
/// sees the same public key.
pub struct BindSession {
    pub session: Session,
    /// The token's secret.
    pub client_key: Key,
}

impl BindSession {
    /// Spends the token.
    pub async fn bind(&self) -> Result<BoundDevice, Error> {
        let public_key = codec::encode(&self.session.signer.signing_key.public_key().to_bytes());
        let plain = self.session.call(payload(Some(public_key))).await?;
        let answer = parse(&plain)?;
        if answer.encrypted_app_key.is_empty() {
            return Err(Error::NoAppKey);
        }
        let app_key = codec::decode(&answer.encrypted_app_key)
            .ok()
            .and_then(|wrapped| aead::open_key(&self.client_key, &wrapped).ok())
            .ok_or(Error::ForeignAppKey)?;
        let owner_key = match &*answer.app_owner_public_key {
            "" => None,
            text => Some(owner_key(text).ok_or(Error::OwnerKey)?),
        };
        let device = Device {
            client_id: self.session.signer.client_id.clone(),
            signing_key: self.session.signer.signing_key.clone(),
            app_key: AppKey(app_key),
            owner_key,
        };
        Ok(BoundDevice {
            device,
            server_key_id: self.session.server_key_id(),
        })
    }

    /// Asks once more, now as the bound device, as every official client does.
    pub async fn confirm(&self) -> Result<(), Error> {
        self.session.call(payload(None)).await?;
        Ok(())
    }
}

fn owner_key(text: &str) -> Option<PublicKey> {
    PublicKey::from_bytes(&codec::decode(text).ok()?).ok()
}

fn payload(public_key: Option<String>) -> GetSecret {
    GetSecret {
        public_key,
        requested_records: Some(vec![NO_RECORD.to_owned()]),
        ..GetSecret::default()
    }
}
