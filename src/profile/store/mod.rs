//! Every place that keeps profiles, behind one trait. A new one is a file here and a line in [`KINDS`].

pub mod aws;
mod context;
mod edit;
mod error;
pub mod ini_file;
pub mod keyring;
pub mod pending;
pub mod read_only;

use std::fmt;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use async_trait::async_trait;

pub use context::StoreContext;
pub use edit::{Edit, Replacement};
pub use error::Error;
pub use pending::Binds;

use super::ini::Document;
use super::search::is_same_file;
use super::{Config, Member, Profile, ProfileName, bundle};
use crate::limits;
use crate::sensitive::Sensitive;
use crate::wire::endpoint::HostName;

/// The setting that names the profile for a run that names none.
pub const ACTIVE: &str = "active_profile";
/// The entry of a section that names the kind of store its keys are in.
pub const STORAGE: &str = "storage";
/// Its value where the section has the keys.
const INTERNAL: &str = "internal";

type Opened = Result<Rc<dyn Store>, Error>;

/// A kind of store, by the name that people and sections have for it.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    /// A store of another build can be named, and is an error.
    pub is_built: bool,
    /// The store for new profiles: at a path, else where this kind usually is. Nothing is read.
    pub for_new: Option<fn(Option<&Path>, &StoreContext) -> Opened>,
    /// Reads the store at a path that the user named; `None` if what is there is another kind's.
    pub open: Option<fn(&Path, &StoreContext) -> Option<Opened>>,
    /// The store that has the keys of a profile, by the section that refers to it.
    pub referred: Option<fn(&Document, &ProfileName, &StoreContext) -> Opened>,
    /// The names of the entries in such a section, besides `storage`.
    pub entries: &'static [&'static str],
}

/// All kinds, in the order in which people are told of them. A path belongs to the last that opens it: anything can be an
/// INI file.
pub const KINDS: &[&Kind] = &[&ini_file::KIND, &keyring::KIND, &aws::KIND];

/// The kind that a new profile goes to where nothing says otherwise.
pub const USUAL: &Kind = &ini_file::KIND;

impl Kind {
    /// The kind of this name, in any case.
    pub fn called(name: &str) -> Option<&'static Self> {
        let mut kinds = KINDS.iter().copied();
        kinds.find(|kind| kind.name.eq_ignore_ascii_case(name))
    }
}

/// The store at a path that the user named.
pub fn at(path: &Path, context: &StoreContext) -> Opened {
    if bundle::is_content(path) {
        return Err(Error::NoPath);
    }
    let mut kinds = KINDS.iter().rev();
    let opened = kinds.find_map(|kind| kind.open?(path, context));
    opened.unwrap_or_else(|| Err(Error::Missing(path.display().to_string())))
}

/// The kind of store that has the keys of section `name`, if the section has none.
pub fn referred<'d>(document: &'d Document, name: &str) -> Option<&'d str> {
    let storage = document.get(name, STORAGE)?.expose().as_str();
    (storage != INTERNAL).then_some(storage)
}

/// The things that a store cannot do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Nothing can be saved.
    pub read_only: bool,
    /// Keys only, which others use, too: the name of a profile is in another store, which refers to this one. They are
    /// neither exported nor changed in passing, and loading them takes time and perhaps a credential.
    pub keys_only: bool,
    /// No profile can have its keys in another store.
    pub no_references: bool,
    /// Files that the search finds go before it (D9).
    pub after_files: bool,
}

/// A place that keeps profiles, as it was when it was read.
#[async_trait(?Send)]
pub trait Store: fmt::Debug {
    /// The place in words.
    fn location(&self) -> String;

    /// The same where a new profile is announced.
    fn location_in_full(&self) -> String {
        self.location()
    }

    /// The file or directory, if the store is one; perhaps it is not there yet.
    fn path(&self) -> Option<&Path> {
        None
    }

    /// The value of the entry `storage` for profiles whose keys are here.
    fn storage(&self) -> &'static str {
        INTERNAL
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    fn warnings(&self) -> &[String] {
        &[]
    }

    /// A remark on every change of the store.
    fn note_of_change(&self) -> Option<String> {
        None
    }

    /// The profiles in order.
    fn names(&self) -> Vec<ProfileName> {
        Vec::new()
    }

    fn has(&self, name: &ProfileName) -> bool {
        self.names().contains(name)
    }

    fn setting(&self, _key: &str) -> Option<&str> {
        None
    }

    /// Whether the store was found in the working directory and nobody named it: settings there that name programs or
    /// directories do not count (D32).
    fn is_unvouched(&self) -> bool {
        false
    }

    /// The store that has the keys of a profile, if that is another one. Nothing is asked of it.
    fn elsewhere(&self, _: &ProfileName) -> Result<Option<Rc<dyn Store>>, Error> {
        Ok(None)
    }

    /// The entries by which a section refers to this store: names and values.
    fn reference(&self) -> Vec<(&'static str, Sensitive<String>)> {
        Vec::new()
    }

    /// The configuration of a profile whose keys are here.
    async fn load(&self, name: &ProfileName) -> Result<Config, Error>;

    /// Waits for the lock, for `patience` at most, and reads what is there; nothing may be there yet. Whatever would keep
    /// the store from being saved is found out here, as far as it can be.
    async fn edit_within(&self, _: Duration) -> Result<Box<dyn Edit>, Error> {
        Err(Error::NotSaved(self.location()))
    }

    /// Saves the keys of a profile whose name is in another store, and reads them back (S1).
    async fn save_keys(&self, _: &Config) -> Result<(), Error> {
        Err(Error::NotSaved(self.location()))
    }
}

impl dyn Store + '_ {
    pub async fn edit(&self) -> Result<Box<dyn Edit>, Error> {
        self.edit_within(limits::LOCK).await
    }

    /// The profile stored as the active one, if it is there.
    pub fn active(&self) -> Option<ProfileName> {
        let name = ProfileName::existing(self.setting(ACTIVE)?);
        self.has(&name).then_some(name)
    }

    /// Whether both are one place, by whatever names.
    pub fn is_same(&self, other: &dyn Store) -> bool {
        match (self.path(), other.path()) {
            (Some(one), Some(other)) => one == other || is_same_file(one, other),
            (None, None) => self.location() == other.location(),
            _ => false,
        }
    }

    pub fn taken(&self, name: &ProfileName) -> Error {
        Error::Taken {
            name: name.clone(),
            location: self.location(),
        }
    }

    /// The profile to use: the one asked for, else the active one, else the only one.
    pub fn choose(&self, wanted: Option<&ProfileName>) -> Result<ProfileName, Error> {
        let known = self.names();
        match (wanted, self.active()) {
            (Some(name), _) if known.contains(name) => Ok(name.clone()),
            (Some(name), _) => Err(Error::Unknown {
                name: name.clone(),
                location: self.location(),
                known,
            }),
            (None, Some(active)) => Ok(active),
            (None, None) => match known.as_slice() {
                [] => Err(Error::Empty(self.location())),
                [only] => Ok(only.clone()),
                _ => Err(Error::NoActive { known }),
            },
        }
    }

    /// The store that has the keys of `name`, which is known, if that is another one.
    pub fn keys_elsewhere(&self, name: &ProfileName) -> Result<Option<Rc<dyn Store>>, Error> {
        let elsewhere = self.elsewhere(name);
        elsewhere.map_err(|source| self.unusable(name, source))
    }

    /// The configuration of `name`, which is known, from wherever its keys are. Other profiles are not looked at
    /// (FIX 29).
    pub async fn config(&self, name: &ProfileName) -> Result<Config, Error> {
        let loaded = match self.keys_elsewhere(name)? {
            Some(other) => other.load(name).await,
            None => self.load(name).await,
        };
        loaded.map_err(|source| self.unusable(name, source))
    }

    /// The profile whose keys are in this store and belong to the device with this client id.
    pub async fn of_device(&self, client_id: &str) -> Option<ProfileName> {
        for name in self.names() {
            if self.bound(&name, client_id).await.is_some() {
                return Some(name);
            }
        }
        None
    }

    /// The configuration of a profile, if it belongs to this device and was bound.
    pub(super) async fn bound(&self, name: &ProfileName, client_id: &str) -> Option<Config> {
        let config = self.own_config(name).await?;
        let is_bound = config.get(Member::AppKey).is_some();
        (is_bound && config.get(Member::ClientId) == Some(client_id)).then_some(config)
    }

    /// The configuration that this store itself has. One that is damaged is no reason not to go on (FIX 10).
    pub(super) async fn own_config(&self, name: &ProfileName) -> Option<Config> {
        match self.elsewhere(name) {
            Ok(None) => self.load(name).await.ok(),
            Ok(Some(_)) | Err(_) => None,
        }
    }

    /// Checks the configuration of `name` and makes keys of it. `host` takes the place of the stored one.
    pub fn checked(
        &self,
        name: &ProfileName,
        config: &Config,
        host: Option<&HostName>,
    ) -> Result<Profile, Error> {
        let profile = config.open(host);
        profile.map_err(|source| self.unusable(name, source.into()))
    }

    fn unusable(&self, name: &ProfileName, source: Error) -> Error {
        Error::Unusable {
            name: name.clone(),
            location: self.location(),
            source: Box::new(source),
        }
    }
}

#[cfg(test)]
mod tests;
