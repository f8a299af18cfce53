//! What a store says without its keys: names, the active profile, settings. An INI document and the keyring's index
//! say it differently.

use super::config::Config;
use super::ini::{self, Document, SETTINGS};
use super::shelf::Shelf;
use super::store::Kept;
use crate::storage::{self, Reference};

const ACTIVE: &str = "active_profile";

/// Profiles and settings, in either form.
#[derive(Debug, Clone)]
pub(super) enum Contents {
    Ini(Document),
    Keyring(Shelf),
}

impl Contents {
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::Ini(document) => document.profiles().collect(),
            Self::Keyring(shelf) => shelf.names().collect(),
        }
    }

    pub(super) fn setting(&self, key: &str) -> Option<&str> {
        match self {
            Self::Ini(document) => document
                .get(SETTINGS, key)
                .map(|value| value.expose().as_str()),
            Self::Keyring(shelf) => shelf.setting(key),
        }
    }

    /// The profile stored as the active one, if it is there.
    pub(super) fn active(&self) -> Option<&str> {
        let name = self.setting(ACTIVE)?;
        self.names().contains(&name).then_some(name)
    }

    /// Where the keys of a profile are.
    pub(super) fn kept(&self, name: &str) -> Result<Kept, storage::Error> {
        match self {
            Self::Keyring(_) => Ok(Kept::There(Reference::Keyring(name.to_owned()))),
            Self::Ini(document) => {
                let section = |key: &str| document.get(name, key).cloned();
                let reference = Reference::of_section(name, &section)?;
                Ok(reference.map_or_else(
                    || Kept::Here(Config::in_section(document, name)),
                    Kept::There,
                ))
            }
        }
    }

    pub(super) fn set_setting(&mut self, key: &str, value: Option<&str>) -> Result<(), ini::Error> {
        match self {
            Self::Ini(document) => {
                document.add_settings();
                document.set(SETTINGS, key, value)
            }
            Self::Keyring(shelf) => {
                shelf.set_setting(key, value);
                Ok(())
            }
        }
    }

    pub(super) fn activate(&mut self, name: Option<&str>) -> Result<(), ini::Error> {
        self.set_setting(ACTIVE, name)
    }

    /// Adds or replaces a profile with its keys.
    pub(super) fn put(&mut self, name: &str, config: &Config) -> Result<(), ini::Error> {
        match self {
            Self::Ini(document) => {
                document.add_settings();
                config.put_section(document, name)?;
            }
            Self::Keyring(_) if is_taken(name) => {
                return Err(ini::Error::Reserved(name.to_owned()));
            }
            Self::Keyring(shelf) => shelf.put(name, config),
        }
        self.activate_first(name)
    }

    /// Adds or replaces a profile whose keys rest elsewhere. The keyring's profiles have theirs in the keyring.
    pub(super) fn refer(&mut self, name: &str, reference: &Reference) -> Result<(), ini::Error> {
        let Self::Ini(document) = self else {
            return Err(ini::Error::Reference);
        };
        document.add_settings();
        Config::clear_section(document, name);
        for key in storage::KEYS {
            document.unset(name, key);
        }
        for (key, value) in reference.entries() {
            let value = value.as_ref().map(|value| value.expose().as_str());
            document.set(name, key, value)?;
        }
        self.activate_first(name)
    }

    /// Takes over all profiles of a document.
    pub(super) fn merge(&mut self, other: &Document) -> Result<(), ini::Error> {
        let names: Vec<&str> = other.profiles().collect();
        match self {
            Self::Ini(document) => {
                document.add_settings();
                for name in &names {
                    document.copy_section(other, name)?;
                }
            }
            Self::Keyring(shelf) => {
                for name in &names {
                    if is_taken(name) {
                        return Err(ini::Error::Reserved((*name).to_owned()));
                    }
                    if other
                        .get(name, "storage")
                        .is_some_and(|kind| kind.expose() != "internal")
                    {
                        return Err(ini::Error::Reference);
                    }
                    shelf.put(name, &Config::in_section(other, name));
                }
            }
        }
        let theirs = other.get(SETTINGS, ACTIVE);
        let theirs = theirs.map(|name| name.expose().as_str());
        let theirs = theirs.filter(|name| names.contains(name));
        match theirs.or(names.first().copied()) {
            Some(name) => self.activate_first(name),
            None => Ok(()),
        }
    }

    /// Gives a profile, which is known, another name, which is not.
    pub(super) fn rename(&mut self, name: &str, to: &str) -> Result<(), ini::Error> {
        let was_active = self.active() == Some(name);
        match self {
            Self::Ini(document) => {
                document.rename(name, to);
                document.add_settings();
            }
            Self::Keyring(_) if is_taken(to) => return Err(ini::Error::Reserved(to.to_owned())),
            Self::Keyring(shelf) => shelf.rename(name, to),
        }
        if was_active {
            self.activate(Some(to))?;
        }
        Ok(())
    }

    /// Removes a profile and its keys. If it was the active one, the only one left takes its place (FIX 9).
    pub(super) fn delete(&mut self, name: &str) -> Result<(), ini::Error> {
        let was_active = self.active() == Some(name);
        match self {
            Self::Ini(document) => {
                document.remove(name);
                document.add_settings();
            }
            Self::Keyring(shelf) => shelf.delete(name),
        }
        if !was_active {
            return Ok(());
        }
        let left = match self.names().as_slice() {
            [only] => Some((*only).to_owned()),
            _ => None,
        };
        self.activate(left.as_deref())
    }

    fn activate_first(&mut self, name: &str) -> Result<(), ini::Error> {
        match self.active() {
            Some(_) => Ok(()),
            None => self.activate(Some(name)),
        }
    }
}

/// The hash of one profile's item lies where the item of such a profile would: the official layout tells them apart by
/// nothing else.
fn is_taken(name: &str) -> bool {
    name.ends_with("-integrity")
}
