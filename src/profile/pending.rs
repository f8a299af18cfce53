//! A bind that may have been cut off (decision D13): what a second attempt with the same token needs, kept beside the
//! store until the answer is saved.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::bundle;
use super::config::Config;
use super::name::ProfileName;
use crate::crypto::aead::Key;
use crate::crypto::signing::SigningKey;
use crate::private_file::{self, Lock};
use crate::sensitive::Sensitive;
use crate::wire::endpoint::HostName;
use crate::{codec, crypto};

/// After this a lost answer is no longer waited for.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
const SUFFIX: &str = ".pending";

/// A bind under way: its file, and the key pair the server may already know.
#[derive(Debug)]
pub struct Pending {
    /// The device's key pair.
    pub signing_key: SigningKey,
    /// Whether an earlier attempt left it.
    pub resumed: bool,
    path: PathBuf,
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
}

impl Pending {
    /// Takes up what an earlier attempt left, or makes a new key pair; either way it is on disk afterwards.
    pub fn prepare(
        lock: &Lock,
        client_id: &str,
        client_key: &Key,
        host: &HostName,
        profile: &ProfileName,
    ) -> Result<Self, Error> {
        sweep(lock);
        let path = file(lock.path(), client_id);
        let left = read(&path, client_id);
        let resumed = left.is_some();
        let signing_key = match left {
            Some(key) => key,
            None => SigningKey::generate()?,
        };
        if !resumed {
            let encoded = |bytes: &[u8]| Some(Sensitive::new(codec::encode(bytes)));
            let members = [
                ("profile", Some(profile.to_string().into())),
                ("hostname", Some(host.as_written().to_owned().into())),
                ("clientId", Some(client_id.to_owned().into())),
                ("clientKey", encoded(client_key.expose())),
                ("privateKey", encoded(signing_key.to_pkcs8_der().expose())),
            ];
            let json = bundle::object(members.into_iter());
            lock.replace(&path, json.expose().as_bytes())?;
        }
        Ok(Self {
            signing_key,
            resumed,
            path,
        })
    }

    /// Whether an attempt with this token was begun beside `store`.
    pub fn is_beside(store: &Path, client_id: &str) -> bool {
        read(&file(store, client_id), client_id).is_some()
    }

    /// Forgets the bind: its outcome is saved, or it was refused.
    pub fn remove(&self, lock: &Lock) -> Result<(), private_file::Error> {
        lock.remove(&self.path)
    }

    /// Forgets what a run left that was killed after it had saved the device.
    pub fn forget(lock: &Lock, client_id: &str) -> Result<(), private_file::Error> {
        lock.remove(&file(lock.path(), client_id))
    }
}

/// `.<ini name>.<16 hex of SHA-256(client id)>.pending`.
fn file(store: &Path, client_id: &str) -> PathBuf {
    let digest = Sha256::digest(client_id.as_bytes());
    let id: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = store.file_name().unwrap_or_default().to_string_lossy();
    store.with_file_name(format!(".{name}.{id}{SUFFIX}"))
}

/// A file that does not serve is as good as none: it is written again.
fn read(path: &Path, client_id: &str) -> Option<SigningKey> {
    if is_old(path) {
        return None;
    }
    let (bytes, _) = private_file::read(path, private_file::Policy::Found).ok()?;
    let kept: Config = serde_json::from_slice(bytes.expose()).ok()?;
    let der = Sensitive::new(codec::decode(kept.private_key?.expose()).ok()?);
    let key = SigningKey::from_der(der.expose()).ok()?;
    (kept.client_id.as_deref() == Some(client_id)).then_some(key)
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_second_attempt_uses_the_first_ones_keys() {
        let home = tempfile::tempdir().unwrap();
        let store = home.path().join("keeper.ini");
        let lock = private_file::lock(&store).await.unwrap();
        let prepare = |id: &str| {
            let key = Key::from_bytes(&[7; 32]).unwrap();
            Pending::prepare(
                &lock,
                id,
                &key,
                &HostName::default(),
                &ProfileName::default(),
            )
            .unwrap()
        };
        let first = prepare("one");
        assert!(!first.resumed);
        assert!(Pending::is_beside(&store, "one"));
        assert!(!Pending::is_beside(&store, "two"));
        let again = prepare("one");
        assert!(again.resumed);
        assert_eq!(again.signing_key, first.signing_key);
        assert_ne!(prepare("two").signing_key, first.signing_key);

        // A day later nobody waits for it any more.
        let old = std::time::SystemTime::now() - LIFETIME - Duration::from_secs(60);
        let open = std::fs::File::options()
            .write(true)
            .open(&first.path)
            .unwrap();
        open.set_modified(old).unwrap();
        let fresh = prepare("one");
        assert!(!fresh.resumed);
        assert_ne!(fresh.signing_key, first.signing_key);
        fresh.remove(&lock).unwrap();
        assert!(!Pending::is_beside(&store, "one"));
        Pending::forget(&lock, "one").unwrap();
        Pending::forget(&lock, "two").unwrap();
        assert!(!Pending::is_beside(&store, "two"));
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
