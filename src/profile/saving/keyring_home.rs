//! The OS keyring under a lock of ours: it knows none itself, and two commands would each write an index of their own.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::super::bundle;
use super::super::config::Config;
use super::super::contents::Contents;
use super::super::name::ProfileName;
use super::super::pending::{self, Newcomer, Pending};
use super::super::store::{Error, Store};
use super::super::surroundings::Surroundings;
use crate::keyring::{Entry, Keyring};
use crate::private_file::{self, Lock};

#[derive(Debug)]
pub(super) struct KeyringHome {
    pub(super) keyring: Keyring,
    _lock: Lock,
}

impl KeyringHome {
    pub(super) async fn open(around: &Surroundings<'_>) -> Result<(Self, Store), Error> {
        let lock = lock(around).await?;
        let keyring = Keyring::open(&around.ambient()).await?;
        let store = Store::in_keyring(&keyring).await?;
        let home = Self {
            keyring,
            _lock: lock,
        };
        Ok((home, store))
    }

    pub(super) async fn config(&self, name: &ProfileName) -> Result<Option<Config>, Error> {
        let Some(text) = self.keyring.load(&Entry::profile(name.as_str())).await? else {
            return Ok(None);
        };
        Ok(bundle::read_one(text.expose()).ok())
    }

    pub(super) async fn save(&self, contents: &Contents) -> Result<(), Error> {
        if let Contents::Keyring(shelf) = contents {
            shelf.save(&self.keyring).await?;
        }
        self.sweep().await;
        Ok(())
    }

    pub(super) async fn prepare(&self, newcomer: &Newcomer<'_>) -> Result<Pending, pending::Error> {
        self.sweep().await;
        let entry = Entry::pending(&pending::id(newcomer.client_id));
        let kept = self.keyring.load(&entry).await.ok().flatten();
        let kept = kept.and_then(|text| pending::key_in(text.expose(), newcomer.client_id));
        if let Some(signing_key) = kept {
            return Ok(Pending {
                signing_key,
                resumed: true,
            });
        }
        let (signing_key, text) = newcomer.generate(Some(now()))?;
        self.keyring.save(&entry, &text).await?;
        Ok(Pending {
            signing_key,
            resumed: false,
        })
    }

    pub(super) async fn forget(&self, client_id: &str) -> Result<(), Error> {
        let entry = Entry::pending(&pending::id(client_id));
        Ok(self.keyring.remove(&entry).await?)
    }

    /// Removes binds that nobody came back for; what cannot be listed or removed stays.
    async fn sweep(&self) {
        for entry in self.keyring.pending().await.unwrap_or_default() {
            let Ok(Some(text)) = self.keyring.load(&entry).await else {
                continue;
            };
            let age = Duration::from_secs(now().saturating_sub(pending::began(text.expose())));
            if age > pending::LIFETIME {
                let _ = self.keyring.remove(&entry).await;
            }
        }
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// A file of the user's that every command finds again, in the first directory that takes it.
async fn lock(around: &Surroundings<'_>) -> Result<Lock, Error> {
    let runtime = around.environment.path("XDG_RUNTIME_DIR");
    let places = [
        runtime.filter(|directory| directory.is_dir()),
        around
            .environment
            .path("HOME")
            .map(|home| home.join(".config/ksm")),
        around
            .environment
            .path("APPDATA")
            .map(|data| data.join("Keeper")),
    ];
    let mut refused = None;
    for directory in places.into_iter().flatten() {
        let made = private_file::create_directory(&directory);
        let path: PathBuf = directory.join("ksm-keyring");
        let locked = match made {
            Ok(()) => private_file::lock(&path).await,
            Err(error) => Err(error),
        };
        match locked {
            Ok(lock) => return Ok(lock),
            Err(busy @ private_file::Error::Busy { .. }) => return Err(busy.into()),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.map_or(Error::NoLock, Error::File))
}
