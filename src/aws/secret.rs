//! One secret of Secrets Manager.

use super::client::Attempts;
use super::error::{Error, OwnError};
use super::secret_id::SecretId;
use super::secrets_manager::{Change, NewVersion, SecretValue, SecretsManager};
use crate::codec;
use crate::crypto::random;
use crate::sensitive::Sensitive;

/// A secret, and a client that signs its calls.
pub struct Secret {
    service: SecretsManager,
    id: SecretId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    Created,
    /// It was there, and has a new version.
    Replaced,
}

impl Secret {
    pub(super) fn new(service: SecretsManager, id: SecretId) -> Self {
        Self { service, id }
    }

    /// Reads the text of the current version.
    pub async fn read(&self) -> Result<Sensitive<String>, Error> {
        let value = self
            .service
            .value_after(self.id.as_str(), Attempts::Several);
        match value.await? {
            SecretValue::Text(text) => Ok(text),
            SecretValue::Bytes => Err(OwnError::NoText.into()),
        }
    }

    /// Adds a version under the key `kms_key`, or under the one it has. A secret that is named, and not there, is created.
    pub async fn write(
        &self,
        text: &Sensitive<String>,
        kms_key: Option<&str>,
    ) -> Result<Stored, Error> {
        let version = NewVersion {
            secret: self.id.as_str(),
            token: &codec::encode_hex(&random::bytes::<16>()?),
            text,
            kms_key,
        };
        // Only an update changes the key. It writes the version under it as well.
        let change = match kms_key {
            Some(_) => Change::Update,
            None => Change::Put,
        };
        match self.service.write(change, &version).await {
            Ok(()) => return Ok(Stored::Replaced),
            Err(error) if error.is_not_found() && self.id.is_name() => {}
            Err(error) => return Err(error),
        }
        self.service.write(Change::Create, &version).await?;
        Ok(Stored::Created)
    }
}
