//! The OS keyring, with a lock of ours: it has none itself, and two commands would each write an index of their own.

mod index;

use std::rc::Rc;
use std::time::Duration;

use async_trait::async_trait;

use super::pending::{self, Binds};
use super::{Edit, Error, Kind, Limits, Store, StoreContext};
use crate::environment::names;
use crate::keyring::{self, Entry, Keyring};
use crate::private_file::{self, Lock, Policy};
use crate::profile::bundle;
use crate::profile::config::Config;
use crate::profile::name::ProfileName;
use crate::sensitive::Sensitive;
use index::Index;

pub const KIND: Kind = Kind {
    name: NAME,
    is_built: keyring::IS_BUILT,
    for_new: Some(|path, context| match path {
        Some(_) => Err(Error::FileAndKeyring),
        None => Ok(Rc::new(KeyringStore::new(context))),
    }),
    open: None,
    referred: Some(|_, _, context| Ok(Rc::new(KeyringStore::new(context)))),
    entries: &[],
};

const NAME: &str = "keyring";

/// The profiles in the keyring, by its index.
#[derive(Debug, Clone)]
pub struct KeyringStore {
    index: Index,
    warnings: Vec<String>,
    /// Open once the index was read.
    connection: Option<Rc<Keyring>>,
    context: StoreContext,
}

impl KeyringStore {
    /// The keyring before it is asked for anything.
    pub fn new(context: &StoreContext) -> Self {
        Self {
            index: Index::default(),
            warnings: Vec::new(),
            connection: None,
            context: context.clone(),
        }
    }

    /// Reads the index, if there is one; nothing is unlocked to see whether there is.
    pub async fn found(context: &StoreContext) -> Result<Option<Self>, keyring::Error> {
        let store = Self::new(context);
        let connection = store.connection().await?;
        match connection.has(&Entry::common()).await? {
            true => store.read_by(connection).await.map(Some),
            false => Ok(None),
        }
    }

    async fn read_by(&self, connection: Rc<Keyring>) -> Result<Self, keyring::Error> {
        let (index, warning) = Index::load(&connection).await?;
        Ok(Self {
            index,
            warnings: warning.into_iter().collect(),
            connection: Some(connection),
            context: self.context.clone(),
        })
    }

    async fn connection(&self) -> Result<Rc<Keyring>, keyring::Error> {
        match &self.connection {
            Some(open) => Ok(Rc::clone(open)),
            None => {
                let keyring = Keyring::open(&self.context.environment, &self.context.tell);
                Ok(Rc::new(keyring.await?))
            }
        }
    }
}

#[async_trait(?Send)]
impl Store for KeyringStore {
    fn location(&self) -> String {
        keyring::name().to_owned()
    }

    fn storage(&self) -> &'static str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            no_references: true,
            after_files: true,
            ..Limits::default()
        }
    }

    fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn names(&self) -> Vec<ProfileName> {
        self.index.names().map(ProfileName::existing).collect()
    }

    fn setting(&self, key: &str) -> Option<&str> {
        self.index.setting(key)
    }

    async fn load(&self, name: &ProfileName) -> Result<Config, Error> {
        let entry = Entry::profile(name.as_str());
        let text = self.connection().await?.load(&entry).await?;
        let text = text.ok_or_else(|| keyring::Error::Missing(entry.to_string().into()))?;
        bundle::read_one(text.expose()).map_err(|source| Error::Content {
            location: self.location(),
            source,
        })
    }

    async fn edit(&self) -> Result<Box<dyn Edit>, Error> {
        let lock = lock(&self.context).await?;
        self.under(lock).await
    }

    async fn edit_at_once(&self) -> Result<Option<Box<dyn Edit>>, Error> {
        match tokio::time::timeout(Duration::ZERO, lock(&self.context)).await {
            Ok(lock) => self.under(lock?).await.map(Some),
            Err(_) => Ok(None),
        }
    }
}

impl KeyringStore {
    async fn under(&self, lock: Lock) -> Result<Box<dyn Edit>, Error> {
        let keyring = self.connection().await?;
        Ok(Box::new(LockedKeyring {
            store: self.read_by(Rc::clone(&keyring)).await?,
            keyring,
            _lock: lock,
        }))
    }
}

#[derive(Debug)]
struct LockedKeyring {
    store: KeyringStore,
    keyring: Rc<Keyring>,
    _lock: Lock,
}

impl LockedKeyring {
    /// Removes binds that nobody came back for; what cannot be listed or removed stays.
    async fn sweep(&self) {
        for entry in self.keyring.pending().await.unwrap_or_default() {
            let Ok(Some(text)) = self.keyring.load(&entry).await else {
                continue;
            };
            if pending::age(text.expose()) > pending::LIFETIME {
                let _ = self.keyring.remove(&entry).await;
            }
        }
    }
}

#[async_trait(?Send)]
impl Edit for LockedKeyring {
    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn set_setting(&mut self, key: &str, value: Option<&str>) -> Result<(), Error> {
        self.store.index.set_setting(key, value);
        Ok(())
    }

    fn write(&mut self, name: &ProfileName, config: &Config) -> Result<(), Error> {
        check(name)?;
        self.store.index.put(name.as_str(), config);
        Ok(())
    }

    fn set_name(&mut self, name: &ProfileName, to: &ProfileName) -> Result<(), Error> {
        check(to)?;
        self.store.index.rename(name.as_str(), to.as_str());
        Ok(())
    }

    fn remove(&mut self, name: &ProfileName) -> Result<(), Error> {
        self.store.index.delete(name.as_str());
        Ok(())
    }

    async fn check_writable(&self, name: &ProfileName) -> Result<(), Error> {
        check(name)?;
        Ok(self.keyring.check_writable().await?)
    }

    async fn save(&mut self) -> Result<(), Error> {
        self.store.index.save(&self.keyring).await?;
        self.sweep().await;
        Ok(())
    }

    async fn saved(&self) -> Result<Rc<dyn Store>, Error> {
        let keyring = Rc::clone(&self.keyring);
        Ok(Rc::new(self.store.read_by(keyring).await?))
    }
}

#[async_trait(?Send)]
impl Binds for LockedKeyring {
    async fn kept_bind(&self, id: &str) -> Option<Sensitive<String>> {
        self.sweep().await;
        self.keyring.load(&Entry::pending(id)).await.ok().flatten()
    }

    async fn keep_bind(&self, id: &str, text: &Sensitive<String>) -> Result<(), Error> {
        Ok(self.keyring.save(&Entry::pending(id), text).await?)
    }

    async fn forget_bind(&self, id: &str) -> Result<(), Error> {
        Ok(self.keyring.remove(&Entry::pending(id)).await?)
    }
}

fn check(name: &ProfileName) -> Result<(), Error> {
    match name.as_str().ends_with(keyring::INTEGRITY) {
        true => Err(Error::Reserved(name.clone())),
        false => Ok(()),
    }
}

/// A file of the user's that every command finds again, in the first directory that takes it.
async fn lock(context: &StoreContext) -> Result<Lock, Error> {
    let directory = |variable| context.environment.path(variable);
    let places = [
        directory(names::XDG_RUNTIME_DIR).filter(|place| private_file::is_closed_to_others(place)),
        directory(names::HOME).map(|home| home.join(".config/ksm")),
        directory(names::APPDATA).map(|data| data.join("Keeper")),
    ];
    let policy = Policy::found(&context.environment);
    let mut refused = None;
    for directory in places.into_iter().flatten() {
        let locked = match private_file::create_directory(&directory) {
            Ok(()) => private_file::lock(&directory.join("ksm-keyring"), policy).await,
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
