//! One-time tokens and the devices they became, with the keys that their signatures have to fit.

use std::collections::HashMap;

use super::error_reply::{ErrorReply, Result};
use crate::codec;
use crate::crypto::aead::Key;
use crate::crypto::signing::PublicKey;
use crate::crypto::{Error, mac};
use crate::sensitive::Sensitive;

/// By client id.
#[derive(Default)]
pub(super) struct Devices(HashMap<String, Device>);

struct Device {
    /// From the token; wraps the application's key on the way to the device.
    client_key: Key,
    /// Fixed by the first use of the token.
    public_key: Option<PublicKey>,
}

impl Devices {
    /// Returns the client key of a new one-time token, in base64url.
    pub(super) fn issue(&mut self) -> Result<Sensitive<String>, Error> {
        let client_key = Key::generate()?;
        let text = Sensitive::new(codec::encode_url(client_key.expose()));
        let client_id = mac::client_id(client_key.expose())?;
        self.0.insert(
            client_id,
            Device {
                client_key,
                public_key: None,
            },
        );
        Ok(text)
    }

    pub(super) fn revoke(&mut self, client_id: &str) {
        self.0.remove(client_id);
    }

    /// Returns the key of the client's signature: the known one, or on first use the one it brings. A device may bring
    /// the same key again, since the answer to its first use may have been lost (protocol 18).
    pub(super) fn verifier(
        &self,
        client_id: &str,
        brought: Option<PublicKey>,
    ) -> Result<PublicKey> {
        let device = self.device(client_id)?;
        match (device.public_key, brought) {
            (Some(known), Some(brought)) if known != brought => {
                Err(ErrorReply::denied("the one-time token has been used"))
            }
            (Some(known), _) => Ok(known),
            (None, Some(brought)) => Ok(brought),
            (None, None) => Err(ErrorReply::denied("the device has not been bound")),
        }
    }

    /// Ties the device to its key, and returns the client key.
    pub(super) fn bind(&mut self, client_id: &str, key: PublicKey) -> Result<&Key> {
        let device = self.0.get_mut(client_id).ok_or_else(unknown)?;
        device.public_key = Some(key);
        Ok(&device.client_key)
    }

    fn device(&self, client_id: &str) -> Result<&Device> {
        self.0.get(client_id).ok_or_else(unknown)
    }
}

fn unknown() -> ErrorReply {
    ErrorReply::denied("no such device, or the token has expired")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::signing::SigningKey;

    #[test]
    fn a_token_ties_itself_to_the_first_key() {
        let mut devices = Devices::default();
        let token = devices.issue().unwrap();
        let id = mac::client_id(&codec::decode(token.expose()).unwrap()).unwrap();
        let key = || SigningKey::generate().unwrap().public_key();
        let (first, other) = (key(), key());

        assert!(devices.verifier("stranger", Some(first)).is_err());
        assert!(devices.verifier(&id, None).is_err());
        // Looking for the key binds nothing: the signature has still to be checked.
        assert_eq!(devices.verifier(&id, Some(other)), Ok(other));
        devices.bind(&id, first).unwrap();
        assert_eq!(devices.verifier(&id, None), Ok(first));
        assert_eq!(
            devices.verifier(&id, Some(first)),
            Ok(first),
            "the first answer may have been lost"
        );
        assert!(devices.verifier(&id, Some(other)).is_err());
        devices.revoke(&id);
        assert!(devices.verifier(&id, None).is_err());
    }
}
