//! One secret of Secrets Manager.

use std::time::Duration;

use super::error::Error;
use super::secret_id::SecretId;
use super::secrets_manager::{Change, NewVersion, SecretValue, SecretsManager};
use super::transport::Deadline;
use crate::codec;
use crate::crypto::random;
use crate::sensitive::Sensitive;

/// Reads are repeated (N7); writes are not.
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(400);

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
        let deadline = Deadline::of_call();
        let mut attempt = 1;
        let value = loop {
            let pause = pause(attempt)?;
            match self.service.value_within(self.id.as_str(), deadline).await {
                Err(error) if error.may_pass() && attempt < ATTEMPTS && deadline.leaves(pause) => {
                    tokio::time::sleep(pause).await;
                    attempt += 1;
                }
                answered => break answered?,
            }
        };
        match value {
            SecretValue::Text(text) => Ok(text),
            SecretValue::Bytes => Err(Error::NoText),
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

/// Doubles with each attempt, and is spread by up to a half.
fn pause(attempt: u32) -> Result<Duration, Error> {
    let [spread] = random::bytes::<1>()?;
    let pause = FIRST_PAUSE * 2_u32.pow(attempt - 1);
    Ok(pause + pause * u32::from(spread) / 512)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        for (attempt, least, most) in [(1, 400, 600), (2, 800, 1200)] {
            let pause = pause(attempt).unwrap().as_millis();
            assert!((least..=most).contains(&pause), "{attempt}: {pause}");
        }
    }
}
