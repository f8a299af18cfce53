//! Items of ours in the default collection of the Secret Service, with the attributes of Python's keyring.

use super::secret_service::{Address, Collection, Item, NewItem, Session};
use super::{Error, SERVICE, Tell};
use crate::environment::Environment;
use crate::sensitive::Sensitive;

pub(super) struct Items {
    session: Session,
}

pub(super) const IS_BUILT: bool = true;

pub(super) fn obstacle(environment: &Environment) -> Option<&'static str> {
    match Address::find(environment) {
        Some(_) => None,
        None => Some("there is no session bus"),
    }
}

impl Items {
    pub(super) async fn open(environment: &Environment, tell: &Tell) -> Result<Self, Error> {
        let session = Session::open(environment, tell).await?;
        Ok(Self { session })
    }

    pub(super) async fn has(&self, user: &str) -> Result<bool, Error> {
        let found = self.found(user).await?;
        Ok(found.is_some_and(|(_, items)| !items.is_empty()))
    }

    pub(super) async fn get(&self, user: &str) -> Result<Option<Sensitive<String>>, Error> {
        let Some((collection, items)) = self.found(user).await? else {
            return Ok(None);
        };
        let Some(item) = items.first() else {
            return Ok(None);
        };
        collection.unlock().await?;
        let bytes = collection.secret(item).await?;
        let text = bytes.into_text();
        text.map(Some).ok_or_else(|| Error::Content(user.into()))
    }

    pub(super) async fn set(&self, user: &str, text: &Sensitive<String>) -> Result<(), Error> {
        let collection = match self.session.default_collection().await? {
            Some(collection) => collection,
            None => self.session.create_default_collection().await?,
        };
        collection.unlock().await?;
        let label = format!("Password for '{user}' on '{SERVICE}'");
        let [service, username] = attributes(user);
        let item = NewItem {
            label: &label,
            attributes: &[("application", "Python keyring library"), service, username],
            content_type: "text/plain",
            replace: true,
        };
        collection.create(item, text.expose().as_bytes()).await
    }

    pub(super) async fn remove(&self, user: &str) -> Result<(), Error> {
        let Some((collection, items)) = self.found(user).await? else {
            return Ok(());
        };
        for item in items {
            collection.unlock().await?;
            collection.delete(&item).await?;
        }
        Ok(())
    }

    pub(super) async fn users(&self) -> Result<Vec<String>, Error> {
        let Some(collection) = self.session.default_collection().await? else {
            return Ok(Vec::new());
        };
        collection.values(&[("service", SERVICE)], "username").await
    }

    /// The default collection, and the items for `user` in it.
    async fn found(&self, user: &str) -> Result<Option<(Collection<'_>, Vec<Item>)>, Error> {
        match self.session.default_collection().await? {
            Some(collection) => {
                let items = collection.find(&attributes(user)).await?;
                Ok(Some((collection, items)))
            }
            None => Ok(None),
        }
    }
}

fn attributes(user: &str) -> [(&'static str, &str); 2] {
    [("service", SERVICE), ("username", user)]
}
