//! Changing a store: locked, read under the lock, saved whole.

use std::fmt;
use std::rc::Rc;

use async_trait::async_trait;

use super::{ACTIVE, Binds, Error, Store, referred};
use crate::codec;
use crate::profile::config::{Config, Member};
use crate::profile::ini::{Document, SETTINGS};
use crate::profile::name::ProfileName;
use crate::wire::server_key::KeyId;

/// What a profile loses whose place another takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacement {
    Nothing,
    /// The keys are the same.
    Settings,
    /// There are none in the store.
    NoKeys,
    /// The keys, which may exist nowhere else.
    Keys,
}

/// A store that is being changed. It was read after its lock was had, so that nobody's change is lost; until it is saved
/// nothing has changed.
#[async_trait(?Send)]
pub trait Edit: fmt::Debug {
    /// The store as it would be saved.
    fn store(&self) -> &dyn Store;

    /// The binds under way that are kept with the store.
    fn binds(&self) -> &dyn Binds;

    fn set_setting(&mut self, key: &str, value: Option<&str>) -> Result<(), Error>;

    /// Writes a profile with its keys.
    fn write(&mut self, name: &ProfileName, config: &Config) -> Result<(), Error>;

    /// Writes one member of a profile, which is known; `config` has the others as they are.
    fn write_member(
        &mut self,
        name: &ProfileName,
        config: &Config,
        _: Member,
    ) -> Result<(), Error> {
        self.write(name, config)
    }

    /// Writes a profile whose keys are in another store.
    fn write_reference(&mut self, _: &ProfileName, _: &dyn Store) -> Result<(), Error> {
        Err(Error::Reference)
    }

    /// Writes all profiles of a document.
    fn write_all(&mut self, document: &Document) -> Result<(), Error> {
        for name in document.profiles() {
            if referred(document, name).is_some() {
                return Err(Error::Reference);
            }
            let config = Config::in_section(document, name);
            self.write(&ProfileName::existing(name), &config)?;
        }
        Ok(())
    }

    fn set_name(&mut self, name: &ProfileName, to: &ProfileName) -> Result<(), Error>;

    /// Removes a profile and its keys.
    fn remove(&mut self, name: &ProfileName) -> Result<(), Error>;

    /// Tries whether the store can be saved with a profile called `name`, and leaves nothing behind.
    async fn check_writable(&self, name: &ProfileName) -> Result<(), Error>;

    /// A store that is no file is read back (S1).
    async fn save(&mut self) -> Result<(), Error>;

    /// Reads what was saved as the next command will.
    async fn saved(&self) -> Result<Rc<dyn Store>, Error>;
}

/// The rules that are the same in every store.
impl dyn Edit + '_ {
    /// Adds or replaces a profile; it becomes the active one if none is.
    pub fn put(&mut self, name: &ProfileName, config: &Config) -> Result<(), Error> {
        self.write(name, config)?;
        self.activate_first(name)
    }

    /// Adds or replaces a profile whose keys are in another store; it becomes the active one if none is.
    pub fn refer(&mut self, name: &ProfileName, keys: &dyn Store) -> Result<(), Error> {
        self.write_reference(name, keys)?;
        self.activate_first(name)
    }

    /// Takes over all profiles of a document; its settings only where there was no file.
    pub fn merge(&mut self, document: &Document) -> Result<(), Error> {
        self.write_all(document)?;
        let theirs = document.get(SETTINGS, ACTIVE);
        let theirs = theirs.map(|name| name.expose().as_str());
        let theirs = theirs.filter(|name| document.has_profile(name));
        match theirs.or_else(|| document.profiles().next()) {
            Some(name) => self.activate_first(&ProfileName::existing(name)),
            None => Ok(()),
        }
    }

    pub fn activate(&mut self, name: &ProfileName) -> Result<(), Error> {
        self.set_setting(ACTIVE, Some(name.as_str()))
    }

    /// Gives a profile, which is known, another name, which is not. The active one stays the active one.
    pub fn rename(&mut self, name: &ProfileName, to: &ProfileName) -> Result<(), Error> {
        let was_active = self.is_active(name);
        self.set_name(name, to)?;
        match was_active {
            true => self.activate(to),
            false => Ok(()),
        }
    }

    /// Removes a profile and its keys, those of its bind included. If it was the active one, the only one left takes
    /// its place (FIX 9).
    pub async fn delete(&mut self, name: &ProfileName) -> Result<(), Error> {
        // A profile that cannot be read has no bind to forget: a bind is found by its client id.
        if let Some(config) = self.store().own_config(name).await
            && let Some(client_id) = config.get(Member::ClientId)
        {
            self.binds().forget(client_id).await?;
        }
        let was_active = self.is_active(name);
        self.remove(name)?;
        if !was_active {
            return Ok(());
        }
        match self.store().names().as_slice() {
            [only] => self.activate(only),
            _ => self.set_setting(ACTIVE, None),
        }
    }

    /// What replacing `name`, which is known, by `config` would change.
    pub async fn replacement(&self, name: &ProfileName, config: Option<&Config>) -> Replacement {
        if let Ok(Some(_)) = self.store().elsewhere(name) {
            return Replacement::NoKeys;
        }
        let Some(old) = self.store().own_config(name).await else {
            return Replacement::Keys;
        };
        let device = |config: &Config| config.get(Member::ClientId).map(codec::decode);
        match config {
            Some(new) if *new == old => Replacement::Nothing,
            _ if old.get(Member::PrivateKey).is_none() => Replacement::NoKeys,
            Some(new) if device(new) == device(&old) => Replacement::Settings,
            _ => Replacement::Keys,
        }
    }

    /// Stores the server key the vault asked for, unless the profile is another one by now.
    pub async fn set_server_key(
        &mut self,
        name: &ProfileName,
        client_id: &str,
        id: KeyId,
    ) -> Result<(), Error> {
        let Some(mut config) = self.store().bound(name, client_id).await else {
            return Ok(());
        };
        config.set(Member::ServerKeyId, Some(&id.to_string()));
        self.write_member(name, &config, Member::ServerKeyId)
    }

    fn is_active(&self, name: &ProfileName) -> bool {
        self.store().active().as_ref() == Some(name)
    }

    fn activate_first(&mut self, name: &ProfileName) -> Result<(), Error> {
        match self.store().active() {
            None => self.activate(name),
            Some(_) => Ok(()),
        }
    }
}
