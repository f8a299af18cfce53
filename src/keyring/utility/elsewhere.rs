//! Items of the macOS Keychain and the Windows Credential Manager, where Python's keyring finds them by application and
//! label.

use super::Error;
use crate::environment::Environment;
use crate::foreign::Text;
use crate::keyring::back::bounded;
use crate::keyring::{Error as KeyringError, Tell, name};
use crate::sensitive::Sensitive;

/// The items of one application. There is one collection.
pub struct UtilityItems {
    application: String,
}

impl UtilityItems {
    pub async fn open(
        application: &str,
        collection: &str,
        _: &Environment,
        _: &Tell,
    ) -> Result<Self, Error> {
        match collection {
            "" | "default" => Ok(Self {
                application: application.to_owned(),
            }),
            other => Err(KeyringError::NoCollection(other.into()).into()),
        }
    }

    pub async fn get(&self, label: &str) -> Result<Sensitive<Vec<u8>>, Error> {
        let found = bounded(&self.application, label, |item| {
            item.get_password().map(Sensitive::new)
        });
        let text = found.await?.ok_or_else(|| self.missing())?;
        Ok(Sensitive::new(text.expose().as_bytes().to_vec()))
    }

    /// Stores an item, or replaces the one of this label, and reads it back.
    pub async fn set(&self, label: &str, secret: &Sensitive<Vec<u8>>) -> Result<(), Error> {
        let text = std::str::from_utf8(secret.expose()).map_err(|_| Error::NotText)?;
        let text = Sensitive::new(text.to_owned());
        bounded(&self.application, label, move |item| {
            item.set_password(text.expose())
        })
        .await?;
        match self.get(label).await? == *secret {
            true => Ok(()),
            false => Err(KeyringError::NotStored(Text::from(label)).into()),
        }
    }

    pub async fn delete(&self, label: &str) -> Result<(), Error> {
        let deleted = bounded(&self.application, label, |item| item.delete_credential());
        deleted.await?.ok_or_else(|| self.missing())
    }

    fn missing(&self) -> Error {
        Error::Count {
            application: self.application.clone(),
            collection: name().to_owned(),
            count: 0,
        }
    }
}
