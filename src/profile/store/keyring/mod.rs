//! The OS keyring, with a lock of ours: it has none itself, and two commands would each write an index of their own.

mod index;

use std::rc::Rc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::pending::{self, Binds};
use super::{Edit, Error, Kind, Limits, Store, StoreContext};
use crate::environment::names;
use crate::keyring::{self, Entry, Keyring};
use crate::limits;
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
    /// Open once anything was asked.
    connection: OnceCell<Rc<Keyring>>,
    context: StoreContext,
}

impl KeyringStore {
    /// The keyring before it is asked for anything.
    pub fn new(context: &StoreContext) -> Self {
        Self {
            index: Index::default(),
            warnings: Vec::new(),
            connection: OnceCell::new(),
            context: context.clone(),
        }
    }

    /// Reads the index, if there is one; nothing is unlocked to see whether there is.
    pub async fn found(context: &StoreContext) -> Result<Option<Self>, keyring::Error> {
        let store = Self::new(context);
        match store.keyring().await?.has(&Entry::common()).await? {
            true => store.read().await.map(Some),
            false => Ok(None),
        }
    }

    /// The store as it is now.
    async fn read(&self) -> Result<Self, keyring::Error> {
        let (index, warning) = Index::load(self.keyring().await?).await?;
        Ok(Self {
            index,
            warnings: warning.into_iter().collect(),
            ..self.clone()
        })
    }

    async fn keyring(&self) -> Result<&Keyring, keyring::Error> {
        let (environment, tell) = (&self.context.environment, &self.context.tell);
        let open = async || Keyring::open(environment, tell).await.map(Rc::new);
        Ok(self.connection.get_or_try_init(open).await?)
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
        let text = self.keyring().await?.load(&entry).await?;
        bundle::read_one(text.expose()).map_err(|source| Error::Content {
            location: self.location(),
            source,
        })
    }

    async fn edit_within(&self, patience: Duration) -> Result<Box<dyn Edit>, Error> {
        let lock = lock(&self.context, patience).await?;
        Ok(Box::new(LockedKeyring {
            store: self.read().await?,
            _lock: lock,
        }))
    }
}

#[derive(Debug)]
struct LockedKeyring {
    store: KeyringStore,
    _lock: Lock,
}

impl LockedKeyring {
    /// Removes binds that nobody came back for; what cannot be listed or removed in time stays.
    async fn sweep(&self) {
        let _ = timeout(limits::KEYRING, self.sweep_all()).await;
    }

    async fn sweep_all(&self) {
        let Ok(keyring) = self.store.keyring().await else {
            return;
        };
        for entry in keyring.pending().await.unwrap_or_default() {
            if let Ok(text) = keyring.load(&entry).await
                && pending::age(text.expose()) > pending::LIFETIME
            {
                let _ = keyring.remove(&entry).await;
            }
        }
    }
}

#[async_trait(?Send)]
impl Edit for LockedKeyring {
    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn binds(&self) -> &dyn Binds {
        self
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
        Ok(self.store.keyring().await?.check_writable().await?)
    }

    async fn save(&mut self) -> Result<(), Error> {
        self.store.index.save(self.store.keyring().await?).await?;
        self.sweep().await;
        Ok(())
    }

    async fn saved(&self) -> Result<Rc<dyn Store>, Error> {
        Ok(Rc::new(self.store.read().await?))
    }
}

#[async_trait(?Send)]
impl Binds for LockedKeyring {
    async fn kept_bind(&self, id: &str) -> Option<Sensitive<String>> {
        self.sweep().await;
        let keyring = self.store.keyring().await.ok()?;
        keyring.load(&Entry::pending(id)).await.ok()
    }

    async fn keep_bind(&self, id: &str, text: &Sensitive<String>) -> Result<(), Error> {
        let keyring = self.store.keyring().await?;
        Ok(keyring.save(&Entry::pending(id), text).await?)
    }

    async fn forget_bind(&self, id: &str) -> Result<(), Error> {
        let keyring = self.store.keyring().await?;
        Ok(keyring.remove(&Entry::pending(id)).await?)
    }
}

fn check(name: &ProfileName) -> Result<(), Error> {
    match name.as_str().ends_with(keyring::INTEGRITY) {
        true => Err(Error::Reserved(name.clone())),
        false => Ok(()),
    }
}

/// A file of the user's that every command finds again, in the first directory that takes it.
async fn lock(context: &StoreContext, patience: Duration) -> Result<Lock, Error> {
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
            Ok(()) => private_file::lock(&directory.join("ksm-keyring"), policy, patience).await,
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
