//! A collection of the Secret Service, and the items in it.

use std::future::Future;

use super::message::Message;
use super::values::{Reader, Writer};
use super::{SERVICE, Session, bounded, interface, of_crypto, path};
use crate::foreign::Text;
use crate::keyring::Error;
use crate::sensitive::Sensitive;

/// Name and value.
pub type Attribute<'a> = (&'a str, &'a str);

pub struct Collection<'a> {
    pub(super) session: &'a Session,
    pub(super) path: String,
    pub(super) name: String,
}

#[derive(Debug)]
pub struct Item(String);

pub struct NewItem<'a> {
    /// Shown to people; never a secret (S2).
    pub label: &'a str,
    /// Never a secret either.
    pub attributes: &'a [Attribute<'a>],
    pub content_type: &'a str,
    /// Whether an item with the same attributes goes.
    pub replace: bool,
}

impl Collection<'_> {
    /// The items with these attributes; a locked collection lists them too.
    pub async fn find(&self, attributes: &[Attribute<'_>]) -> Result<Vec<Item>, Error> {
        let mut body = Writer::default();
        body.texts(attributes);
        let found = self.call("SearchItems", "a{ss}", body);
        let found = bounded(found).await.map_err(|error| self.named(error))?;
        found.values("ao", |body| {
            body.list(4, |item| Some(Item(item.text()?.to_owned())))
        })
    }

    /// The values that items with these attributes have for `key`.
    pub async fn values(
        &self,
        attributes: &[Attribute<'_>],
        key: &str,
    ) -> Result<Vec<String>, Error> {
        let mut values = Vec::new();
        for item in self.find(attributes).await? {
            let property = (interface::ITEM, "Attributes");
            let found = self.session.property(&item.0, property, "a{ss}", |body| {
                body.list(8, |pair| {
                    Some((pair.text()?.to_owned(), pair.text()?.to_owned()))
                })
            });
            let found = found.await?.into_iter();
            values.extend(
                found
                    .filter(|(name, _)| name == key)
                    .map(|(_, value)| value),
            );
        }
        Ok(values)
    }

    /// May take a prompt.
    pub async fn unlock(&self) -> Result<(), Error> {
        let locked = self.is_locked().await;
        if !locked.map_err(|error| self.named(error))? {
            return Ok(());
        }
        let mut body = Writer::default();
        body.list(4, |paths| {
            paths.text(&self.path);
        });
        self.asking(async {
            let session = self.session;
            let answer = session.call(SERVICE, interface::SERVICE, "Unlock", "ao", body);
            let answer = answer.await?;
            let read = |body: &mut Reader<'_>| {
                let unlocked = body.list(4, |path| path.text().map(drop))?;
                Some((unlocked.is_empty(), body.text()?.to_owned()))
            };
            match answer.values("aoo", read)? {
                (true, prompt) => session.prompted(&prompt).await.map(drop),
                (false, _) => Ok(()),
            }
        })
        .await?;
        match self.is_locked().await? {
            true => Err(Error::Locked),
            false => Ok(()),
        }
    }

    pub async fn secret(&self, item: &Item) -> Result<Sensitive<Vec<u8>>, Error> {
        let session = self.session;
        let mut body = Writer::default();
        body.text(&session.path);
        let answer = session.call(&item.0, interface::ITEM, "GetSecret", "o", body);
        let answer = bounded(answer).await?;
        let (iv, sealed) = answer.values("(oayays)", |body| {
            body.text()?;
            Some((body.bytes()?, body.bytes()?))
        })?;
        session.key.open(iv, sealed).map_err(of_crypto)
    }

    /// Adds an item, or replaces the one like it.
    pub async fn create(&self, item: NewItem<'_>, secret: &[u8]) -> Result<(), Error> {
        let session = self.session;
        let sealed = session.key.seal(secret).map_err(of_crypto)?;
        let mut body = Writer::default();
        body.list(8, |properties| {
            let label = properties
                .align(8)
                .text("org.freedesktop.Secret.Item.Label");
            label.signature("s").text(item.label);
            let name = "org.freedesktop.Secret.Item.Attributes";
            let attributes = properties.align(8).text(name);
            attributes.signature("a{ss}").texts(item.attributes);
        });
        body.align(8).text(&session.path);
        body.bytes(&sealed.iv).bytes(&sealed.body);
        body.text(item.content_type).truth(item.replace);
        self.asking(async {
            let answer = self.call("CreateItem", "a{sv}(oayays)b", body).await?;
            session.made(&answer).await.map(drop)
        })
        .await
    }

    pub async fn delete(&self, item: &Item) -> Result<(), Error> {
        let session = self.session;
        self.asking(async {
            if session.is_locked(&item.0, interface::ITEM).await? {
                return Err(Error::Locked);
            }
            let answer = session.call(&item.0, interface::ITEM, "Delete", "", Writer::default());
            session.prompted(&path(&answer.await?)?).await.map(drop)
        })
        .await
    }

    async fn call(&self, method: &str, signature: &str, body: Writer) -> Result<Message, Error> {
        let interface = interface::COLLECTION;
        let call = self
            .session
            .call(&self.path, interface, method, signature, body);
        call.await
    }

    async fn is_locked(&self) -> Result<bool, Error> {
        let locked = self.session.is_locked(&self.path, interface::COLLECTION);
        locked.await
    }

    async fn asking<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let alive = async { self.is_locked().await.map(drop) };
        self.session.asking(call, alive).await
    }

    /// A collection is known to be missing by its path only.
    fn named(&self, error: Error) -> Error {
        match error {
            Error::NoCollection(_) => Error::NoCollection(Text::from(&self.name)),
            error => error,
        }
    }
}
