//! A configuration as texts. Once they are checked it is a [`Profile`].

mod members;

pub use members::Member;

use super::{Note, Profile};
use crate::codec;
use crate::crypto;
use crate::crypto::aead::Key;
use crate::crypto::signing::{PublicKey, SigningKey};
use crate::device::{AppKey, Device};
use crate::sensitive::Sensitive;
use crate::wire::endpoint::{self, HostName};
use crate::wire::server_key::{self, CustomKey, KeyId, ServerKey};

/// A configuration before its members are checked. Absent, `null` and empty are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    members: [Option<Sensitive<String>>; Member::COUNT],
}

/// Messages quote no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("it has no {0}")]
    Missing(&'static str),
    #[error("its one-time token was never redeemed, so it has no appKey")]
    NotBound,
    #[error("its {member} cannot be read")]
    Encoding {
        member: &'static str,
        source: codec::Error,
    },
    #[error("its {member} is no key")]
    Key {
        member: &'static str,
        source: crypto::Error,
    },
    #[error("its hostname cannot be used")]
    Host(#[from] endpoint::Error),
    #[error("its serverPublicKey cannot be used")]
    ServerKey(#[from] server_key::Error),
}

impl Config {
    pub fn of(device: &Device, host: &HostName, server_key: &ServerKey) -> Self {
        let mut config = Self::unbound(&device.client_id, &device.signing_key, host)
            .with_bytes(Member::AppKey, device.app_key.0.expose());
        if let Some(key) = device.owner_key {
            config = config.with_bytes(Member::OwnerKey, &key.to_bytes());
        }
        config.set(Member::ServerKeyId, Some(&server_key.id().to_string()));
        if let ServerKey::Custom(custom) = server_key {
            config.set(Member::ServerKey, Some(&custom.encoded()));
        }
        config
    }

    /// A device before its token is redeemed.
    pub(super) fn unbound(client_id: &str, signing_key: &SigningKey, host: &HostName) -> Self {
        Self::default()
            .with(Member::ClientId, Some(client_id))
            .with(Member::Hostname, Some(host.as_written()))
            .with_bytes(Member::PrivateKey, signing_key.to_pkcs8_der().expose())
    }

    pub fn get(&self, member: Member) -> Option<&str> {
        let text = self.members.get(member as usize)?.as_ref()?;
        Some(text.expose())
    }

    pub fn set(&mut self, member: Member, text: Option<&str>) {
        if let Some(kept) = self.members.get_mut(member as usize) {
            *kept = text.and_then(|text| members::normalized(member, text));
        }
    }

    /// The same with another text for one member.
    pub fn with(mut self, member: Member, text: Option<&str>) -> Self {
        self.set(member, text);
        self
    }

    /// The same with these bytes, in base64.
    pub(super) fn with_bytes(self, member: Member, bytes: &[u8]) -> Self {
        let text = Sensitive::new(codec::encode(bytes));
        self.with(member, Some(text.expose()))
    }

    /// Checks every member and makes keys of them. `host` takes the place of the stored one.
    pub fn open(&self, host: Option<&HostName>) -> Result<Profile, Error> {
        let client_id = self.required(Member::ClientId)?.to_owned();
        let signing_key = self.signing_key()?;
        if self.get(Member::AppKey).is_none() && self.get(Member::ClientKey).is_some() {
            return Err(Error::NotBound);
        }
        let app_key = AppKey(self.key(Member::AppKey, Key::from_bytes)?);
        let owner_key = self.get(Member::OwnerKey);
        let owner_key = owner_key.map(|_| self.key(Member::OwnerKey, PublicKey::from_bytes));
        let host = match (host, self.get(Member::Hostname)) {
            (Some(host), _) => host.clone(),
            (None, Some(text)) => HostName::parse(text)?,
            (None, None) => HostName::default(),
        };
        let (server_key, note) = self.server_key(&host)?;
        Ok(Profile {
            host,
            server_key,
            device: Device {
                client_id,
                signing_key,
                app_key,
                owner_key: owner_key.transpose()?,
            },
            note,
        })
    }

    fn server_key(&self, host: &HostName) -> Result<(ServerKey, Option<Note>), Error> {
        let written = self.get(Member::ServerKeyId);
        let id: Option<KeyId> = written.map(str::parse).transpose()?;
        let custom = match (self.get(Member::ServerKey), written) {
            (Some(key), Some(id)) => Some(CustomKey::parse(id, key)?),
            (Some(key), None) => Some(CustomKey::parse(&KeyId::DEFAULT.to_string(), key)?),
            (None, _) => None,
        };
        let note = match (&custom, id) {
            (Some(_), _) if host.has_published_keys() => Some(Note::CustomKeyIgnored(host.clone())),
            (None, Some(id)) if ServerKey::published(id).is_none() => Some(Note::UnknownKey(id)),
            _ => None,
        };
        let chosen = ServerKey::choose(host, id, custom).ok_or(server_key::Error::Id)?;
        Ok((chosen, note))
    }

    pub(super) fn signing_key(&self) -> Result<SigningKey, Error> {
        self.key(Member::PrivateKey, SigningKey::from_der)
    }

    fn required(&self, member: Member) -> Result<&str, Error> {
        self.get(member).ok_or(Error::Missing(member.name()))
    }

    fn key<T>(
        &self,
        member: Member,
        read: impl Fn(&[u8]) -> Result<T, crypto::Error>,
    ) -> Result<T, Error> {
        let text = self.required(member)?;
        let member = member.name();
        let bytes = codec::decode(text).map_err(|source| Error::Encoding { member, source })?;
        let bytes = Sensitive::new(bytes);
        read(bytes.expose()).map_err(|source| Error::Key { member, source })
    }
}

#[cfg(test)]
mod tests;
