//! What makes a device known to a vault, as text: the members of a JSON config and the keys of an INI section, which
//! are the same seven things (protocol.md 3.1).

use serde::{Deserialize, Deserializer};

use super::ini::{self, Document};
use super::{Note, Profile};
use crate::codec;
use crate::crypto;
use crate::crypto::aead::Key;
use crate::crypto::signing::{PublicKey, SigningKey};
use crate::device::{AppKey, Device};
use crate::sensitive::Sensitive;
use crate::storage;
use crate::wire::endpoint::{self, HostName};
use crate::wire::server_key::{self, CustomKey, KeyId, ServerKey};

/// The keys of a section that holds a device, in the order in which the official CLI writes them.
pub(super) const KEYS: [&str; 8] = [
    "clientid",
    "privatekey",
    "appkey",
    "hostname",
    "appownerpublickey",
    "serverpublickeyid",
    "serverpublickey",
    "clientkey",
];

/// A configuration before anyone has looked at what it says. Absent, `null` and empty are alike, and blanks within base64
/// are gone: wherever it was wrapped, it is one line here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Region code or host.
    #[serde(deserialize_with = "text")]
    pub hostname: Option<String>,
    /// B64 of 64 bytes.
    #[serde(deserialize_with = "base64")]
    pub client_id: Option<String>,
    /// B64 of PKCS#8 DER.
    #[serde(deserialize_with = "secret")]
    pub private_key: Option<Sensitive<String>>,
    /// B64 of 32 bytes, from binding on.
    #[serde(deserialize_with = "secret")]
    pub app_key: Option<Sensitive<String>>,
    /// The token's key, until binding.
    #[serde(deserialize_with = "secret")]
    pub client_key: Option<Sensitive<String>>,
    /// B64 of a point; old configurations lack it.
    #[serde(rename = "appOwnerPublicKey", deserialize_with = "base64")]
    pub owner_key: Option<String>,
    /// Decimal; a JSON number is accepted too.
    #[serde(rename = "serverPublicKeyId", deserialize_with = "text")]
    pub server_key_id: Option<String>,
    /// U64 of a point, for deployments with keys of their own.
    #[serde(rename = "serverPublicKey", deserialize_with = "base64")]
    pub server_key: Option<String>,
}

/// Why a configuration cannot be used. No value is quoted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A member that every device has.
    #[error("it has no {0}")]
    Missing(&'static str),
    /// Prepared, but never bound.
    #[error("its one-time token was never redeemed, so it has no appKey")]
    NotBound,
    /// Not base64.
    #[error("its {member} cannot be read")]
    Encoding {
        /// JSON name.
        member: &'static str,
        /// What is wrong with the text.
        source: codec::Error,
    },
    /// Base64 of something else.
    #[error("its {member} is no key")]
    Key {
        /// JSON name.
        member: &'static str,
        /// What is wrong with the bytes.
        source: crypto::Error,
    },
    /// Not a host.
    #[error("its hostname cannot be used")]
    Host(#[from] endpoint::Error),
    /// Not a key of a server.
    #[error("its serverPublicKey cannot be used")]
    ServerKey(#[from] server_key::Error),
}

impl Config {
    /// The configuration of a device.
    pub fn of(device: &Device, host: &HostName, server_key: &ServerKey) -> Self {
        let secret = |bytes: &[u8]| Some(Sensitive::new(codec::encode(bytes)));
        Self {
            hostname: Some(host.as_written().to_owned()),
            client_id: Some(device.client_id.clone()),
            private_key: secret(device.signing_key.to_pkcs8_der().expose()),
            app_key: secret(device.app_key.key().expose()),
            client_key: None,
            owner_key: device.owner_key.map(|key| codec::encode(&key.to_bytes())),
            server_key_id: Some(server_key.id().to_string()),
            server_key: match server_key {
                ServerKey::Custom(custom) => Some(custom.encoded()),
                ServerKey::Published(..) => None,
            },
        }
    }

    /// What section `name` says; nothing for a section that is not there.
    pub fn in_section(document: &Document, name: &str) -> Self {
        let value = |key| document.get(name, key).map(Sensitive::expose);
        let base64 = |key| value(key).map(|text| on_one_line(text));
        let secret = |key| base64(key).map(Sensitive::new);
        Self {
            hostname: value("hostname").cloned(),
            client_id: base64("clientid"),
            private_key: secret("privatekey"),
            app_key: secret("appkey"),
            client_key: secret("clientkey"),
            owner_key: base64("appownerpublickey"),
            server_key_id: value("serverpublickeyid").cloned(),
            server_key: base64("serverpublickey"),
        }
    }

    /// Writes the configuration into section `name`, in the official order, absent values as bare keys. Keys we do
    /// not know stay; those of another storage go.
    pub fn put_section(&self, document: &mut Document, name: &str) -> Result<(), ini::Error> {
        let secret = |value: &'_ Option<Sensitive<String>>| value.clone().unwrap_or_default();
        let (private_key, app_key) = (secret(&self.private_key), secret(&self.app_key));
        for (key, value) in [
            ("clientid", self.client_id.as_deref()),
            ("privatekey", Some(private_key.expose().as_str())),
            ("appkey", Some(app_key.expose().as_str())),
            ("hostname", self.hostname.as_deref()),
            ("appownerpublickey", self.owner_key.as_deref()),
            ("serverpublickeyid", self.server_key_id.as_deref()),
        ] {
            document.set(name, key, value.filter(|value| !value.is_empty()))?;
        }
        match &self.server_key {
            Some(key) => document.set(name, "serverpublickey", Some(key))?,
            None => document.unset(name, "serverpublickey"),
        }
        for key in storage::KEYS.into_iter().chain(["clientkey"]) {
            document.unset(name, key);
        }
        Ok(())
    }

    /// Checks every member and makes keys of them. `host` takes the place of the stored one.
    pub fn open(&self, host: Option<&HostName>) -> Result<Profile, Error> {
        let client_id = self.client_id.clone().ok_or(Error::Missing("clientId"))?;
        let signing_key = key("privateKey", &self.private_key, SigningKey::from_der)?;
        let app_key = match (&self.app_key, &self.client_key) {
            (None, Some(_)) => return Err(Error::NotBound),
            (app_key, _) => key("appKey", app_key, |bytes| {
                Key::from_bytes(bytes).map(AppKey::new)
            })?,
        };
        let owner_key = match self.owner_key.clone() {
            Some(text) => Some(key(
                "appOwnerPublicKey",
                &Some(text.into()),
                PublicKey::from_bytes,
            )?),
            None => None,
        };
        let host = match (host, self.hostname.as_deref()) {
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
                owner_key,
            },
            note,
        })
    }

    fn server_key(&self, host: &HostName) -> Result<(ServerKey, Option<Note>), Error> {
        let id: Option<KeyId> = self.server_key_id.as_deref().map(str::parse).transpose()?;
        let custom = match (&self.server_key, &self.server_key_id) {
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
}

fn key<T>(
    member: &'static str,
    text: &Option<Sensitive<String>>,
    read: impl Fn(&[u8]) -> Result<T, crypto::Error>,
) -> Result<T, Error> {
    let text = text.as_ref().ok_or(Error::Missing(member))?;
    let bytes =
        codec::decode(text.expose()).map_err(|source| Error::Encoding { member, source })?;
    let bytes = Sensitive::new(bytes);
    read(bytes.expose()).map_err(|source| Error::Key { member, source })
}

/// A text, or a number as other writers put it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Number(u64),
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let written = Option::<Written>::deserialize(from)?;
    let text = written.map(|written| match written {
        Written::Text(text) => text.trim().to_owned(),
        Written::Number(number) => number.to_string(),
    });
    Ok(text.filter(|text| !text.is_empty()))
}

fn base64<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(from)?.map(Sensitive::new);
    let text = text.map(|text| on_one_line(text.expose()));
    Ok(text.filter(|text| !text.is_empty()))
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Sensitive<String>>, D::Error> {
    Ok(base64(from)?.map(Sensitive::new))
}

/// Base64 without the blanks and line breaks in it, which mean nothing there.
fn on_one_line(base64: &str) -> String {
    let mut line = String::with_capacity(base64.len());
    line.extend(base64.split_ascii_whitespace());
    line
}

#[cfg(test)]
mod tests;
