//! A bind that may have been cut off (decision D13): what a second attempt with the same token needs, kept beside the
//! store until the answer is saved, or in the keyring if that is the store.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::config::{Config, Member};
use super::name::ProfileName;
use crate::crypto::aead::Key;
use crate::crypto::signing::SigningKey;
use crate::keyring;
use crate::private_file::{self, Lock};
use crate::sensitive::Sensitive;
use crate::wire::endpoint::HostName;
use crate::{codec, crypto, json};

/// After this a lost answer is no longer waited for.
pub(super) const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
const SUFFIX: &str = ".pending";

/// A bind under way, with the key pair the server may already know.
#[derive(Debug)]
pub struct Pending {
    /// The device's key pair.
    pub signing_key: SigningKey,
    /// Whether an earlier attempt left it.
    pub resumed: bool,
}

/// A device that is to be bound.
#[derive(Debug)]
pub struct Newcomer<'a> {
    /// The token's name, in B64.
    pub client_id: &'a str,
    /// The token's key.
    pub client_key: &'a Key,
    /// What the profile will say.
    pub host: &'a HostName,
    /// The profile to be.
    pub profile: &'a ProfileName,
}

/// Why a bind cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No key pair.
    #[error("cannot make a key pair")]
    Crypto(#[from] crypto::Error),
    /// The file cannot be saved.
    #[error(transparent)]
    File(#[from] private_file::Error),
    /// Nor can the item.
    #[error(transparent)]
    Keyring(#[from] keyring::Error),
}

/// A bind under way as it is kept.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept<'a> {
    profile: &'a str,
    hostname: &'a str,
    client_id: &'a str,
    client_key: &'a str,
    private_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    began: Option<String>,
}

impl Newcomer<'_> {
    /// A new key pair, and the text that keeps it; with the time, in seconds since 1970, where no file tells it.
    pub(super) fn generate(
        &self,
        began: Option<u64>,
    ) -> Result<(SigningKey, Sensitive<String>), Error> {
        let signing_key = SigningKey::generate()?;
        let client_key = Sensitive::new(codec::encode(self.client_key.expose()));
        let private_key = Sensitive::new(codec::encode(signing_key.to_pkcs8_der().expose()));
        let text = json::pretty(&Kept {
            profile: self.profile.as_str(),
            hostname: self.host.as_written(),
            client_id: self.client_id,
            client_key: client_key.expose(),
            private_key: private_key.expose(),
            began: began.map(|began| began.to_string()),
        });
        Ok((signing_key, text.into()))
    }
}

/// Takes up what an earlier attempt left beside a store, or makes a new key pair; either way it is on disk afterwards.
pub(super) fn beside(lock: &Lock, newcomer: &Newcomer<'_>) -> Result<Pending, Error> {
    sweep(lock);
    let path = file(lock.path(), newcomer.client_id);
    if let Some(signing_key) = read(&path, newcomer.client_id) {
        return Ok(Pending {
            signing_key,
            resumed: true,
        });
    }
    let (signing_key, text) = newcomer.generate(None)?;
    lock.replace(&path, text.expose().as_bytes())?;
    Ok(Pending {
        signing_key,
        resumed: false,
    })
}

/// Forgets a bind, also what a run left that was killed after it had saved the device.
pub(super) fn forget_beside(lock: &Lock, client_id: &str) -> Result<(), private_file::Error> {
    lock.remove(&file(lock.path(), client_id))
}

/// Whether an attempt with this token was begun beside `store`.
pub fn is_beside(store: &Path, client_id: &str) -> bool {
    read(&file(store, client_id), client_id).is_some()
}

/// `.<ini name>.<16 hex of SHA-256(client id)>.pending`.
fn file(store: &Path, client_id: &str) -> PathBuf {
    let name = store.file_name().unwrap_or_default().to_string_lossy();
    store.with_file_name(format!(".{name}.{}{SUFFIX}", id(client_id)))
}

/// A name for a device that says nothing of its token.
pub(super) fn id(client_id: &str) -> String {
    let digest = Sha256::digest(client_id.as_bytes());
    codec::encode_hex(digest.first_chunk::<8>().unwrap_or(&[0; 8]))
}

/// A file that does not serve is as good as none: it is written again.
fn read(path: &Path, client_id: &str) -> Option<SigningKey> {
    if is_old(path) {
        return None;
    }
    let (bytes, _) = private_file::read(path, private_file::Policy::Found).ok()?;
    key_in(std::str::from_utf8(bytes.expose()).ok()?, client_id)
}

/// The key pair that was prepared for this device.
pub(super) fn key_in(text: &str, client_id: &str) -> Option<SigningKey> {
    let kept: Config = serde_json::from_str(text).ok()?;
    let der = Sensitive::new(codec::decode(kept.get(Member::PrivateKey)?).ok()?);
    let key = SigningKey::from_der(der.expose()).ok()?;
    (kept.get(Member::ClientId) == Some(client_id)).then_some(key)
}

/// When a bind began that says so itself, in seconds since 1970; what does not say so began long ago.
pub(super) fn began(text: &str) -> u64 {
    #[derive(Default, serde::Deserialize)]
    struct Began {
        began: String,
    }
    let said: Began = serde_json::from_str(text).unwrap_or_default();
    said.began.parse().unwrap_or_default()
}

/// Removes what nobody came back for.
pub(super) fn sweep(lock: &Lock) {
    let name = lock
        .path()
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let prefix = format!(".{name}.");
    let directory = lock.path().parent().filter(|at| !at.as_os_str().is_empty());
    let Ok(entries) = std::fs::read_dir(directory.unwrap_or(Path::new("."))) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&prefix) && name.ends_with(SUFFIX) && is_old(&entry.path()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_old(path: &Path) -> bool {
    std::fs::symlink_metadata(path)
        .and_then(|found| found.modified())
        .is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > LIFETIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_second_attempt_uses_the_first_ones_keys() {
        let home = tempfile::tempdir().unwrap();
        let store = home.path().join("keeper.ini");
        let lock = private_file::lock(&store).await.unwrap();
        let prepare = |id: &str| {
            let key = Key::from_bytes(&[7; 32]).unwrap();
            let newcomer = Newcomer {
                client_id: id,
                client_key: &key,
                host: &HostName::default(),
                profile: &ProfileName::default(),
            };
            beside(&lock, &newcomer).unwrap()
        };
        let first = prepare("one");
        assert!(!first.resumed);
        assert!(is_beside(&store, "one"));
        assert!(!is_beside(&store, "two"));
        let again = prepare("one");
        assert!(again.resumed);
        assert_eq!(again.signing_key, first.signing_key);
        assert_ne!(prepare("two").signing_key, first.signing_key);

        // A day later nobody waits for it any more.
        let old = std::time::SystemTime::now() - LIFETIME - Duration::from_secs(60);
        let open = std::fs::File::options()
            .write(true)
            .open(file(&store, "one"))
            .unwrap();
        open.set_modified(old).unwrap();
        assert!(is_beside(&store, "two"));
        let fresh = prepare("three");
        assert!(!fresh.resumed);
        assert!(!file(&store, "one").exists(), "what is old stays");
        assert!(is_beside(&store, "two"));
        let fresh = prepare("one");
        assert!(!fresh.resumed);
        assert_ne!(fresh.signing_key, first.signing_key);
        for _ in 0..2 {
            forget_beside(&lock, "one").unwrap();
            assert!(!is_beside(&store, "one"));
        }
        forget_beside(&lock, "two").unwrap();
        assert!(!is_beside(&store, "two"));
    }

    #[test]
    fn the_file_is_named_after_the_store_and_the_device() {
        // printf %s client | sha256sum
        assert_eq!(
            file(Path::new("/x/my.ini"), "client"),
            Path::new("/x/.my.ini.948fe603f61dc036.pending")
        );
    }
}
