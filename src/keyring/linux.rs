//! Items of ours in the default collection of the Secret Service, with the attributes of Python's keyring.

use super::secret_service::{Collection, NewItem, Session};
use super::{Error, SERVICE, Tell};
use crate::environment::Environment;
use crate::sensitive::Sensitive;

pub(super) struct Items {
    session: Session,
}

pub(super) fn is_offered(environment: &Environment) -> bool {
    super::secret_service::address(environment).is_some()
}

impl Items {
    pub(super) async fn open(environment: &Environment, tell: &Tell) -> Result<Self, Error> {
        Ok(Self {
            session: Session::open(environment, tell, super::secret_service::Encryption::Dh)
                .await?,
        })
    }

    pub(super) async fn has(&self, user: &str) -> Result<bool, Error> {
        let Some(collection) = self.session.default_collection().await? else {
            return Ok(false);
        };
        Ok(!collection.find(&attributes(user)).await?.is_empty())
    }

    pub(super) async fn get(&self, user: &str) -> Result<Option<Sensitive<String>>, Error> {
        let Some(collection) = self.session.default_collection().await? else {
            return Ok(None);
        };
        let found = collection.find(&attributes(user)).await?;
        let Some(item) = found.into_iter().next() else {
            return Ok(None);
        };
        let bytes = self.unlocked(collection).await?.secret(&item).await?;
        let text = String::from_utf8(bytes.expose().clone());
        Ok(Some(text.map_err(|_| Error::Content(user.into()))?.into()))
    }

    pub(super) async fn set(&self, user: &str, text: &Sensitive<String>) -> Result<(), Error> {
        let collection = match self.session.default_collection().await? {
            Some(collection) => self.unlocked(collection).await?,
            None => self.session.create_default_collection().await?,
        };
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
        let Some(collection) = self.session.default_collection().await? else {
            return Ok(());
        };
        for item in collection.find(&attributes(user)).await? {
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

    async fn unlocked<'a>(&'a self, collection: Collection<'a>) -> Result<Collection<'a>, Error> {
        collection.unlock().await?;
        Ok(collection)
    }
}

fn attributes(user: &str) -> [(&'static str, &str); 2] {
    [("service", SERVICE), ("username", user)]
}
