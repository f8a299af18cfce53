//! Changing a store: locked, read under the lock, saved whole, wherever it is.

mod file_home;
mod keyring_home;

use std::path::Path;

use super::config::{Config, Member};
use super::contents::Contents;
use super::ini::{self, Document};
use super::name::ProfileName;
use super::pending::{self, Newcomer, Pending};
use super::place::Place;
use super::store::{Error, Kept, Store};
use super::surroundings::Surroundings;
use crate::storage::Reference;
use crate::wire::server_key::KeyId;

use file_home::FileHome;
use keyring_home::KeyringHome;

/// A store that is being changed: locked, and read after the lock was had, so that nobody's change is lost.
#[derive(Debug)]
pub struct Edit {
    /// What it holds so far.
    pub store: Store,
    home: Home,
}

/// What is locked, and how it is saved.
#[derive(Debug)]
enum Home {
    File(FileHome),
    Keyring(KeyringHome),
}

impl Edit {
    /// Waits for the lock and reads what is there; nothing may be there yet. Whatever would keep the store from being
    /// saved is found out here, as far as it can be.
    pub async fn begin(place: &Place, around: &Surroundings<'_>) -> Result<Self, Error> {
        let (home, store) = match place {
            Place::File(located) => {
                let (home, store) = FileHome::open(located, around).await?;
                (Home::File(home), store)
            }
            Place::Keyring => {
                let (home, store) = KeyringHome::open(around).await?;
                (Home::Keyring(home), store)
            }
        };
        Ok(Self { store, home })
    }

    /// The file, links resolved, if the store is one and is not there yet.
    pub fn new_file(&self) -> Option<&Path> {
        match &self.home {
            Home::File(home) => home.is_new.then(|| home.lock.path()),
            Home::Keyring(_) => None,
        }
    }

    /// Adds or replaces a profile; it becomes the active one if none is.
    pub fn put(&mut self, name: &ProfileName, config: &Config) -> Result<(), Error> {
        self.change(|contents| contents.put(name.as_str(), config))
    }

    /// Adds or replaces a profile whose keys rest elsewhere; it becomes the active one if none is.
    pub fn refer(&mut self, name: &ProfileName, reference: &Reference) -> Result<(), Error> {
        self.change(|contents| contents.refer(name.as_str(), reference))
    }

    /// Takes over all profiles of another document; its settings only where there was no file.
    pub fn merge(&mut self, other: Document) -> Result<(), Error> {
        if self.new_file().is_some() && self.store.names().is_empty() {
            self.store.contents = Contents::Ini(other.clone());
        }
        self.change(|contents| contents.merge(&other))
    }

    /// Makes a profile, which is known, the active one.
    pub fn activate(&mut self, name: &ProfileName) -> Result<(), Error> {
        self.change(|contents| contents.activate(Some(name.as_str())))
    }

    /// Stores a setting, or that it is not set.
    pub fn set_setting(&mut self, key: &str, value: Option<&str>) -> Result<(), Error> {
        self.change(|contents| contents.set_setting(key, value))
    }

    /// Gives a profile, which is known, another name, which is not. The active one stays the active one.
    pub fn rename(&mut self, name: &ProfileName, to: &ProfileName) -> Result<(), Error> {
        self.change(|contents| contents.rename(name.as_str(), to.as_str()))
    }

    /// Removes a profile and its keys, those of its bind included. If it was the active one, the only one left takes
    /// its place (FIX 9).
    pub async fn delete(&mut self, name: &ProfileName) -> Result<(), Error> {
        // What cannot be read leaves nothing behind that a bind could be resumed with.
        if let Ok(Some(client_id)) = self.client_id(name).await {
            self.forget(&client_id).await?;
        }
        self.change(|contents| contents.delete(name.as_str()))
    }

    /// The profile whose keys are in this store and belong to the device with this client id.
    pub async fn of_device(&self, client_id: &str) -> Result<Option<ProfileName>, Error> {
        for name in self.store.names() {
            // One that is damaged is no reason not to go on (FIX 10).
            if let Ok(Some(config)) = self.own_config(&name).await
                && config.get(Member::ClientId) == Some(client_id)
                && config.get(Member::AppKey).is_some()
            {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// Stores the server key the vault asked for, unless the profile is another one by now.
    pub async fn set_server_key(
        &mut self,
        name: &ProfileName,
        client_id: &str,
        id: KeyId,
    ) -> Result<(), Error> {
        let Some(mut config) = self.own_config(name).await? else {
            return Ok(());
        };
        if config.get(Member::ClientId) != Some(client_id) || config.get(Member::AppKey).is_none() {
            return Ok(());
        }
        config.set(Member::ServerKeyId, Some(&id.to_string()));
        self.change(|contents| match contents {
            // The one line, whatever else the section says.
            Contents::Ini(document) => document.set(
                name.as_str(),
                &Member::ServerKeyId.key(),
                config.get(Member::ServerKeyId),
            ),
            Contents::Keyring(_) => contents.put(name.as_str(), &config),
        })
    }

    /// Takes up what an earlier attempt to bind this device left, or makes a new key pair; either way it is kept with
    /// the store afterwards (decision D13).
    pub async fn prepare(&self, newcomer: &Newcomer<'_>) -> Result<Pending, pending::Error> {
        match &self.home {
            Home::File(home) => home.prepare(newcomer),
            Home::Keyring(home) => home.prepare(newcomer).await,
        }
    }

    /// Forgets a bind: its outcome is saved, or it was refused.
    pub async fn forget(&self, client_id: &str) -> Result<(), Error> {
        match &self.home {
            Home::File(home) => home.forget(client_id),
            Home::Keyring(home) => home.forget(client_id).await,
        }
    }

    /// Tries whether the store can be saved with a profile called `name`, and leaves nothing behind.
    pub async fn rehearse(&self, name: &ProfileName) -> Result<(), Error> {
        let mut contents = self.store.contents.clone();
        let put = contents.put(name.as_str(), &Config::default());
        put.map_err(|source| self.broken(source))?;
        match &self.home {
            Home::File(home) => home.rehearse(&contents),
            Home::Keyring(home) => Ok(home.keyring.rehearse().await?),
        }
    }

    /// Writes it. The keyring is read back (security S1).
    pub async fn save(&self) -> Result<(), Error> {
        match &self.home {
            Home::File(home) => home.save(&self.store.contents),
            Home::Keyring(home) => home.save(&self.store.contents).await,
        }
    }

    async fn client_id(&self, name: &ProfileName) -> Result<Option<String>, Error> {
        Ok(self
            .own_config(name)
            .await?
            .and_then(|config| Some(config.get(Member::ClientId)?.to_owned())))
    }

    /// The configuration that this store itself holds.
    async fn own_config(&self, name: &ProfileName) -> Result<Option<Config>, Error> {
        match (self.store.kept(name)?, &self.home) {
            (Kept::Here(config), _) => Ok(Some(config)),
            (Kept::There(Reference::Keyring(_)), Home::Keyring(home)) => home.config(name).await,
            (Kept::There(_), _) => Ok(None),
        }
    }

    fn change(
        &mut self,
        edit: impl FnOnce(&mut Contents) -> Result<(), ini::Error>,
    ) -> Result<(), Error> {
        edit(&mut self.store.contents).map_err(|source| self.broken(source))
    }

    fn broken(&self, source: ini::Error) -> Error {
        match &self.home {
            Home::File(home) => home.broken(source),
            Home::Keyring(_) => Error::Unfit(source),
        }
    }
}

#[cfg(test)]
mod tests;
