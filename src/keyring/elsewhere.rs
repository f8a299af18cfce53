//! Items of ours in the macOS Keychain and the Windows Credential Manager, where Python's keyring has them. Nothing on
//! the other systems.

use super::{Error, SERVICE, Tell};
use crate::environment::Environment;
use crate::sensitive::Sensitive;

pub(super) struct Items;

pub(super) fn is_offered(_: &Environment) -> bool {
    cfg!(any(target_os = "macos", windows))
}

#[cfg(not(any(target_os = "macos", windows)))]
impl Items {
    pub(super) async fn open(_: &Environment, _: &Tell) -> Result<Self, Error> {
        Err(Error::Absent)
    }

    pub(super) async fn has(&self, _: &str) -> Result<bool, Error> {
        Err(Error::Absent)
    }

    pub(super) async fn get(&self, _: &str) -> Result<Option<Sensitive<String>>, Error> {
        Err(Error::Absent)
    }

    pub(super) async fn set(&self, _: &str, _: &Sensitive<String>) -> Result<(), Error> {
        Err(Error::Absent)
    }

    pub(super) async fn remove(&self, _: &str) -> Result<(), Error> {
        Err(Error::Absent)
    }

    pub(super) async fn users(&self) -> Result<Vec<String>, Error> {
        Err(Error::Absent)
    }
}

#[cfg(any(target_os = "macos", windows))]
impl Items {
    pub(super) async fn open(_: &Environment, _: &Tell) -> Result<Self, Error> {
        Ok(Self)
    }

    pub(super) async fn has(&self, user: &str) -> Result<bool, Error> {
        Ok(self.get(user).await?.is_some())
    }

    pub(super) async fn get(&self, user: &str) -> Result<Option<Sensitive<String>>, Error> {
        native::bounded(user, |user| native::item(user)?.get_password()).await
    }

    pub(super) async fn set(&self, user: &str, text: &Sensitive<String>) -> Result<(), Error> {
        let text = text.clone();
        native::bounded(user, move |user| {
            native::item(user)?.set_password(text.expose())
        })
        .await
        .map(|_| ())
    }

    pub(super) async fn remove(&self, user: &str) -> Result<(), Error> {
        native::bounded(user, |user| native::item(user)?.delete_credential())
            .await
            .map(|_| ())
    }

    /// Neither system lists its items.
    pub(super) async fn users(&self) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }
}

#[cfg(any(target_os = "macos", windows))]
mod native {
    use std::sync::mpsc;
    use std::thread;
    use std::time::{Duration, Instant};

    use keyring::Entry;

    use super::super::PROMPT_PATIENCE;
    use super::{Error, SERVICE, Sensitive};

    /// The item as Python's keyring would find it.
    #[cfg(target_os = "macos")]
    pub(super) fn item(user: &str) -> keyring::Result<Entry> {
        Entry::new(SERVICE, user)
    }

    /// The item as Python's keyring would find it: under the service's name if it is this user's, else under both names.
    #[cfg(windows)]
    pub(super) fn item(user: &str) -> keyring::Result<Entry> {
        let plain = Entry::new_with_target(SERVICE, SERVICE, user)?;
        let owner = plain.get_attributes().ok();
        let owner = owner.and_then(|mut attributes| attributes.remove("username"));
        if owner.as_deref() == Some(user) {
            return Ok(plain);
        }
        Entry::new_with_target(&format!("{user}@{SERVICE}"), SERVICE, user)
    }

    /// `None` if there is no such item. The system may prompt its user, so a call has as long as a prompt; one that
    /// takes longer is left behind.
    pub(super) async fn bounded<T: Into<Value> + Send + 'static>(
        user: &str,
        call: impl FnOnce(&str) -> keyring::Result<T> + Send + 'static,
    ) -> Result<Option<Sensitive<String>>, Error> {
        let (give, take) = mpsc::channel();
        let user = user.to_owned();
        thread::spawn(move || {
            let _ = give.send(call(&user));
        });
        let started = Instant::now();
        loop {
            match take.try_recv() {
                Ok(Ok(value)) => return Ok(value.into().0),
                Ok(Err(keyring::Error::NoEntry)) => return Ok(None),
                Ok(Err(error)) => return Err(Error::Refused(error.to_string().into())),
                Err(mpsc::TryRecvError::Disconnected) => return Err(Error::Gone),
                Err(mpsc::TryRecvError::Empty) if started.elapsed() > PROMPT_PATIENCE => {
                    return Err(Error::Unanswered);
                }
                Err(mpsc::TryRecvError::Empty) => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        }
    }

    pub(super) struct Value(Option<Sensitive<String>>);

    impl From<String> for Value {
        fn from(text: String) -> Self {
            Self(Some(text.into()))
        }
    }

    impl From<()> for Value {
        fn from((): ()) -> Self {
            Self(None)
        }
    }
}
