//! Changing a store: locked, read under the lock, saved whole.

use std::path::Path;

use super::config::{self, Config};
use super::file::{self, Document, SETTINGS};
use super::name::ProfileName;
use super::pending::{self, Pending};
use super::store::{Error, Place, Store};
use super::surroundings::Surroundings;
use crate::private_file::{self, Lock, Policy};
use crate::storage::{self, Reference};
use crate::wire::server_key::KeyId;

/// A file that is being changed: locked, and read after the lock was had, so that nobody's change is lost.
#[derive(Debug)]
pub struct Edit {
    /// What it holds so far.
    pub store: Store,
    lock: Lock,
    policy: Policy,
    is_new: bool,
}

impl Edit {
    /// Waits for the lock and reads what is there; nothing may be there yet. Whatever would keep the file from being
    /// saved is found out here, as far as it can be.
    pub async fn begin(place: &Place, around: &Surroundings<'_>) -> Result<Self, Error> {
        let Place::File(located) = place;
        let lock = private_file::lock(&located.path).await?;
        let is_new = !lock.path().exists();
        let store = if is_new {
            Store::empty(located)
        } else {
            Store::open(located, around)?
        };
        Ok(Self {
            store,
            lock,
            policy: located.policy,
            is_new,
        })
    }

    /// Whether there was no file yet.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The lock, for files that belong to the store.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// The file, links resolved.
    pub fn path(&self) -> &Path {
        self.lock.path()
    }

    /// Adds or replaces a profile; it becomes the active one if none is.
    pub fn put(&mut self, name: &ProfileName, config: &Config) -> Result<(), Error> {
        let active = self.store.active();
        self.change(|document| {
            document.add_settings();
            config.put_section(document, name.as_str())?;
            match active {
                Some(_) => Ok(()),
                None => document.set(SETTINGS, "active_profile", Some(name.as_str())),
            }
        })
    }

    /// Adds or replaces a profile whose keys rest elsewhere; it becomes the active one if none is.
    pub fn refer(&mut self, name: &ProfileName, reference: &Reference) -> Result<(), Error> {
        let active = self.store.active();
        self.change(|document| {
            document.add_settings();
            for key in config::KEYS.into_iter().chain(storage::KEYS) {
                document.unset(name.as_str(), key);
            }
            for (key, value) in reference.entries() {
                let value = value.as_ref().map(|value| value.expose().as_str());
                document.set(name.as_str(), key, value)?;
            }
            match active {
                Some(_) => Ok(()),
                None => document.set(SETTINGS, "active_profile", Some(name.as_str())),
            }
        })
    }

    /// Takes over all profiles of another document; its settings only where there was no file.
    pub fn merge(&mut self, other: Document) -> Result<(), Error> {
        if self.is_new && self.store.names().is_empty() {
            self.store.document = other;
            return self.change(|document| {
                document.add_settings();
                Ok(())
            });
        }
        let active = self.store.active();
        self.change(|document| {
            document.add_settings();
            let names: Vec<String> = other.profiles().map(ToOwned::to_owned).collect();
            for name in &names {
                document.copy_section(&other, name)?;
            }
            match (active, names.first()) {
                (None, Some(first)) => {
                    let theirs = other.get(SETTINGS, "active_profile");
                    let theirs = theirs.filter(|name| names.contains(name.expose()));
                    let name = theirs.map_or(first, |name| name.expose());
                    document.set(SETTINGS, "active_profile", Some(name))
                }
                _ => Ok(()),
            }
        })
    }

    /// Makes a profile, which is known, the active one.
    pub fn activate(&mut self, name: &ProfileName) -> Result<(), Error> {
        self.change(|document| {
            document.add_settings();
            document.set(SETTINGS, "active_profile", Some(name.as_str()))
        })
    }

    /// Stores a setting, or that it is not set.
    pub fn set_setting(&mut self, key: &str, value: Option<&str>) -> Result<(), Error> {
        self.change(|document| {
            document.add_settings();
            document.set(SETTINGS, key, value)
        })
    }

    /// Gives a profile, which is known, another name, which is not. The active one stays the active one.
    pub fn rename(&mut self, name: &ProfileName, to: &ProfileName) -> Result<(), Error> {
        let was_active = self.store.active().as_ref() == Some(name);
        self.change(|document| {
            document.rename(name.as_str(), to.as_str());
            document.add_settings();
            match was_active {
                true => document.set(SETTINGS, "active_profile", Some(to.as_str())),
                false => Ok(()),
            }
        })
    }

    /// Removes a profile and its keys. If it was the active one, the only one left takes its place (FIX 9).
    pub fn delete(&mut self, name: &ProfileName) -> Result<(), Error> {
        let device = Config::in_section(&self.store.document, name.as_str()).client_id;
        if let Some(client_id) = device {
            Pending::forget(&self.lock, &client_id)?;
        }
        let was_active = self.store.active().as_ref() == Some(name);
        self.change(|document| {
            document.remove(name.as_str());
            document.add_settings();
            let left: Vec<String> = document.profiles().map(ToOwned::to_owned).collect();
            match left.as_slice() {
                [only] if was_active => document.set(SETTINGS, "active_profile", Some(only)),
                _ if was_active => document.set(SETTINGS, "active_profile", None),
                _ => Ok(()),
            }
        })
    }

    /// The profile whose keys are here and belong to the device with this client id.
    pub async fn of_device(&self, client_id: &str) -> Result<Option<ProfileName>, Error> {
        Ok(self.store.of_device(client_id))
    }

    /// Stores the server key the vault asked for, unless the profile is another one by now.
    pub async fn set_server_key(
        &mut self,
        name: &ProfileName,
        client_id: &str,
        id: KeyId,
    ) -> Result<(), Error> {
        if self.of_device(client_id).await?.as_ref() != Some(name) {
            return Ok(());
        }
        let id = id.to_string();
        self.change(|document| document.set(name.as_str(), "serverpublickeyid", Some(&id)))
    }

    /// Tries whether a file of this size can be saved, and leaves nothing behind.
    pub async fn rehearse(&self) -> Result<(), Error> {
        // Room for one more profile on top of what is there.
        const PROFILE: usize = 2048;
        let size = self.store.document.render().expose().len() + PROFILE;
        Ok(self.lock.rehearse(size)?)
    }

    /// Writes the file.
    pub async fn save(&self) -> Result<(), Error> {
        pending::sweep(&self.lock);
        let text = self
            .store
            .document
            .render_checked()
            .map_err(|source| self.broken(source))?;
        let bytes = text.expose().as_bytes();
        match self.policy {
            Policy::Blind => self.lock.replace_like_before(bytes)?,
            Policy::Found | Policy::Named => self.lock.replace(self.lock.path(), bytes)?,
        }
        Ok(())
    }

    fn change(
        &mut self,
        edit: impl FnOnce(&mut Document) -> Result<(), file::Error>,
    ) -> Result<(), Error> {
        edit(&mut self.store.document).map_err(|source| self.broken(source))
    }

    fn broken(&self, source: file::Error) -> Error {
        Error::Ini {
            path: self.lock.path().to_owned(),
            source,
        }
    }
}

#[cfg(test)]
mod tests;
