//! A bind that may have been cut off (D13): what a second attempt with the same token needs, kept with the store until
//! the answer is saved.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::config::{Config, Member};
use super::name::ProfileName;
use super::store;
use crate::crypto::aead::Key;
use crate::crypto::signing::SigningKey;
use crate::sensitive::Sensitive;
use crate::wire::endpoint::HostName;
use crate::{codec, crypto, json};

/// After this a lost answer is no longer waited for.
pub(super) const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
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

/// Why a bind cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot make a key pair")]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::private_file::Policy;
    use crate::profile::store::Store;
    use crate::profile::store::ini_file::IniFile;

    #[tokio::test]
    async fn a_second_attempt_uses_the_first_ones_keys() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keeper.ini");
        let store = IniFile::new(path.clone(), Policy::Found, &Environment::default().into());
        let edit = store.edit().await.unwrap();
        let key = Key::from_bytes(&[7; 32]).unwrap();
        let prepare = async |id: &str| {
            let bind = Bind {
                client_id: id,
                client_key: &key,
                host: &HostName::default(),
                profile: &ProfileName::default(),
            };
            edit.prepare(&bind).await.unwrap()
        };
        let file = |client: &str| {
            home.path()
                .join(format!(".keeper.ini.{}.pending", id(client)))
        };
        let first = prepare("one").await;
        assert!(!first.resumed);
        assert!(store.has_bind("one"));
        assert!(!store.has_bind("two"));
        let again = prepare("one").await;
        assert!(again.resumed);
        assert_eq!(again.signing_key, first.signing_key);
        assert_ne!(prepare("two").await.signing_key, first.signing_key);

        // A day later nobody waits for it any more.
        let old = std::time::SystemTime::now() - LIFETIME - Duration::from_secs(60);
        let open = std::fs::File::options()
            .write(true)
            .open(file("one"))
            .unwrap();
        open.set_modified(old).unwrap();
        assert!(store.has_bind("two"));
        let fresh = prepare("three").await;
        assert!(!fresh.resumed);
        assert!(!file("one").exists(), "what is old stays");
        assert!(store.has_bind("two"));
        let fresh = prepare("one").await;
        assert!(!fresh.resumed);
        assert_ne!(fresh.signing_key, first.signing_key);
        for _ in 0..2 {
            edit.forget("one").await.unwrap();
            assert!(!store.has_bind("one"));
        }
        edit.forget("two").await.unwrap();
        assert!(!store.has_bind("two"));
    }
}
