//! A bind that may have been cut off (D13): what a second attempt with the same token needs, kept with the store until
//! the answer is saved.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::config::{Config, Member};
use super::name::ProfileName;
use crate::crypto::aead::Key;
use crate::crypto::signing::SigningKey;
pub(super) use crate::limits::PENDING_BIND as LIFETIME;
use crate::sensitive::Sensitive;
use crate::wire::endpoint::HostName;
use crate::{codec, json};

/// Ends the names of files that keep a bind.
pub(super) const SUFFIX: &str = ".pending";

/// The key pair of a bind under way, which the server may already know.
#[derive(Debug)]
pub struct Pending {
    pub signing_key: SigningKey,
    /// Whether an earlier attempt left it.
    pub resumed: bool,
}

/// A device that is to be bound.
#[derive(Debug)]
pub struct Bind<'a> {
    /// The token's name, in B64.
    pub client_id: &'a str,
    pub client_key: &'a Key,
    /// The host to be stored in the profile.
    pub host: &'a HostName,
    pub profile: &'a ProfileName,
}

/// A bind as it is kept: the members of a configuration so far, and when it began, in seconds since 1970.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept<'a> {
    profile: &'a str,
    hostname: &'a str,
    client_id: &'a str,
    client_key: &'a str,
    private_key: &'a str,
    began: String,
}

impl Bind<'_> {
    pub(super) fn text(&self, signing_key: &SigningKey) -> Sensitive<String> {
        let client_key = Sensitive::new(codec::encode(self.client_key.expose()));
        let private_key = Sensitive::new(codec::encode(signing_key.to_pkcs8_der().expose()));
        let text = json::pretty(&Kept {
            profile: self.profile.as_str(),
            hostname: self.host.as_written(),
            client_id: self.client_id,
            client_key: client_key.expose(),
            private_key: private_key.expose(),
            began: now().to_string(),
        });
        text.into()
    }
}

/// A name for a device that says nothing of its token.
pub(super) fn id(client_id: &str) -> String {
    let digest = Sha256::digest(client_id.as_bytes());
    codec::encode_hex(digest.get(..8).unwrap_or_default())
}

/// The key pair that was prepared for this device.
pub(super) fn key_in(text: &str, client_id: &str) -> Option<SigningKey> {
    let kept: Config = serde_json::from_str(text).ok()?;
    let der = Sensitive::new(codec::decode(kept.get(Member::PrivateKey)?).ok()?);
    let key = SigningKey::from_der(der.expose()).ok()?;
    (kept.get(Member::ClientId) == Some(client_id)).then_some(key)
}

/// The time since a bind began; a text without it is older than any.
pub(super) fn age(text: &str) -> Duration {
    #[derive(Default, serde::Deserialize)]
    struct Began {
        began: String,
    }
    let kept: Began = serde_json::from_str(text).unwrap_or_default();
    let began = kept.began.parse().unwrap_or_default();
    Duration::from_secs(now().saturating_sub(began))
}

/// Seconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
