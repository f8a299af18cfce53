//! The items of the Linux Keyring Utility, by its attributes.

use super::Error;
use crate::environment::Environment;
use crate::keyring::secret_service::{Attribute, Collection, Item, NewItem, Session};
use crate::keyring::{Error as KeyringError, Tell};
use crate::sensitive::Sensitive;

const AGENT: &str = "lkru (Linux Keyring Utility)";
const DEFAULT: &str = "/org/freedesktop/secrets/aliases/default";
const COLLECTIONS: &str = "/org/freedesktop/secrets/collection/";

/// The items of one application in one collection.
pub struct UtilityItems {
    session: Session,
    application: String,
    collection: String,
}

impl UtilityItems {
    /// Opens the collection, which may take a prompt; an empty name is the default one's.
    pub async fn open(
        application: &str,
        collection: &str,
        environment: &Environment,
        tell: &Tell,
    ) -> Result<Self, Error> {
        let items = Self {
            session: Session::open(environment, tell).await?,
            application: application.to_owned(),
            collection: collection.to_owned(),
        };
        items.collection()?.unlock().await?;
        Ok(items)
    }

    pub async fn get(&self, label: &str) -> Result<Sensitive<Vec<u8>>, Error> {
        let collection = self.collection()?;
        let item = self.one(&collection, label).await?;
        Ok(collection.secret(&item).await?)
    }

    /// Stores an item, or replaces the one of this label, and reads it back.
    pub async fn set(&self, label: &str, secret: &Sensitive<Vec<u8>>) -> Result<(), Error> {
        let collection = self.collection()?;
        let attributes = self.attributes(label);
        let known = collection.find(&attributes).await?.len();
        if known > 1 {
            return Err(self.count(known));
        }
        let item = NewItem {
            label,
            attributes: &attributes,
            content_type: "text/plain; charset=utf8",
            // The service may take another item for the same one, so it is asked to only where there is one.
            replace: known == 1,
        };
        collection.create(item, secret.expose()).await?;
        let stored = self.one(&collection, label).await?;
        if collection.secret(&stored).await? != *secret {
            return Err(KeyringError::NotStored(label.into()).into());
        }
        Ok(())
    }

    pub async fn delete(&self, label: &str) -> Result<(), Error> {
        let collection = self.collection()?;
        let item = self.one(&collection, label).await?;
        Ok(collection.delete(&item).await?)
    }

    async fn one(&self, collection: &Collection<'_>, label: &str) -> Result<Item, Error> {
        let mut found = collection.find(&self.attributes(label)).await?;
        match (found.pop(), found.len()) {
            (Some(only), 0) => Ok(only),
            (None, count) => Err(self.count(count)),
            (Some(_), others) => Err(self.count(others + 1)),
        }
    }

    fn collection(&self) -> Result<Collection<'_>, KeyringError> {
        let path = match self.collection.as_str() {
            "" | "default" => DEFAULT.to_owned(),
            name => format!("{COLLECTIONS}{name}"),
        };
        self.session.collection_at(&path, self.name())
    }

    fn attributes<'a>(&'a self, label: &'a str) -> [Attribute<'a>; 3] {
        [
            ("Agent", AGENT),
            ("Application", &self.application),
            ("Id", label),
        ]
    }

    fn count(&self, count: usize) -> Error {
        Error::Count {
            application: self.application.clone(),
            collection: self.name().to_owned(),
            count,
        }
    }

    fn name(&self) -> &str {
        match self.collection.as_str() {
            "" => "default",
            name => name,
        }
    }
}
