//! Items of ours in the macOS Keychain and the Windows Credential Manager, where Python's keyring has them.

use keyring::Entry;
use tokio::time::timeout;

use super::{Error, PROMPT_PATIENCE, SERVICE, Tell};
use crate::environment::Environment;
use crate::sensitive::Sensitive;

pub(super) struct Items;

pub(super) const IS_BUILT: bool = true;

pub(super) fn obstacle(_: &Environment) -> Option<&'static str> {
    None
}

impl Items {
    pub(super) async fn open(_: &Environment, _: &Tell) -> Result<Self, Error> {
        Ok(Self)
    }

    pub(super) async fn has(&self, user: &str) -> Result<bool, Error> {
        Ok(self.get(user).await?.is_some())
    }

    pub(super) async fn get(&self, user: &str) -> Result<Option<Sensitive<String>>, Error> {
        bounded(SERVICE, user, |item| {
            item.get_password().map(Sensitive::new)
        })
        .await
    }

    pub(super) async fn set(&self, user: &str, text: &Sensitive<String>) -> Result<(), Error> {
        let text = text.clone();
        let set = bounded(SERVICE, user, move |item| item.set_password(text.expose()));
        set.await.map(drop)
    }

    pub(super) async fn remove(&self, user: &str) -> Result<(), Error> {
        let removed = bounded(SERVICE, user, |item| item.delete_credential());
        removed.await.map(drop)
    }

    /// Neither system lists its items.
    pub(super) async fn users(&self) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }
}

/// The item as Python's keyring would find it.
#[cfg(not(windows))]
fn item(service: &str, user: &str) -> keyring::Result<Entry> {
    Entry::new(service, user)
}

/// The item as Python's keyring would find it: under the service's name if it is this user's, else under both names.
#[cfg(windows)]
fn item(service: &str, user: &str) -> keyring::Result<Entry> {
    let plain = Entry::new_with_target(service, service, user)?;
    let owner = plain.get_attributes().ok();
    let owner = owner.and_then(|mut attributes| attributes.remove("username"));
    if owner.as_deref() == Some(user) {
        return Ok(plain);
    }
    Entry::new_with_target(&format!("{user}@{service}"), service, user)
}

/// `None` if there is no such item. The system may prompt its user, so a call has as long as a prompt; one that takes
/// longer is left behind.
pub(super) async fn bounded<T: Send + 'static>(
    service: &str,
    user: &str,
    call: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
) -> Result<Option<T>, Error> {
    let (service, user) = (service.to_owned(), user.to_owned());
    let call = tokio::task::spawn_blocking(move || call(&item(&service, &user)?));
    match timeout(PROMPT_PATIENCE, call).await {
        Ok(Ok(Ok(value))) => Ok(Some(value)),
        Ok(Ok(Err(keyring::Error::NoEntry))) => Ok(None),
        Ok(Ok(Err(error))) => Err(Error::Refused(error.to_string().into())),
        Ok(Err(_)) => Err(Error::Gone),
        Err(_) => Err(Error::Unanswered),
    }
}
