//! A secret of AWS Secrets Manager that has the keys of one profile. Its name is in a section that refers to here.

pub(super) mod error;
mod section;

use std::rc::Rc;

use async_trait::async_trait;

pub use error::Error;

use super::{Kind, Limits, Store, StoreContext};
use crate::aws::{self, Aws, Identity, Secret, SecretId, Stored};
use crate::profile::config::{Config, Member};
use crate::profile::{ProfileName, bundle};
use crate::sensitive::Sensitive;
use crate::{codec, error_chain};

pub const KIND: Kind = Kind {
    name: NAME,
    is_built: true,
    for_new: None,
    open: None,
    referred: Some(|document, name, context| {
        Ok(Rc::new(AwsSecret::of_section(
            document,
            name.as_str(),
            context,
        )?))
    }),
    entries: &section::ENTRIES,
};

const NAME: &str = "aws";

/// The secret, and whose credentials it is read and written with.
#[derive(Debug, Clone)]
pub struct AwsSecret {
    pub secret: SecretId,
    pub identity: Identity,
    /// AWS's default credentials are used where this identity cannot be had, or is refused.
    pub falls_back: bool,
    /// The KMS key for a new secret, if not AWS's own.
    pub kms_key: Option<String>,
    pub context: StoreContext,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    /// In the alphabet that all SDKs of the vendor take.
    Base64,
}

impl AwsSecret {
    /// JSON, or base64 of it.
    pub async fn text(&self) -> Result<Sensitive<String>, Error> {
        let aws = self.connect()?;
        let secret = self.secret.to_string();
        let text = match read(aws.secret(&self.identity, &self.secret)).await {
            Err(first) if self.falls_back && first.is_about_the_identity() => {
                let first = error_chain::joined(&first);
                let told = format!(
                    "AWS's default credentials are used, since the chosen ones do not serve: {first}"
                );
                let text = read(aws.secret_by_default(&self.secret)).await;
                let text = text.map_err(|source| Error::ReadTwice {
                    secret,
                    first,
                    source: Box::new(source),
                })?;
                (self.context.tell)(&told);
                text
            }
            text => text.map_err(|source| Error::Read {
                secret,
                source: Box::new(source),
            })?,
        };
        match text.expose().trim().is_empty() {
            true => Err(Error::Empty(self.secret.to_string())),
            false => Ok(text),
        }
    }

    /// Writes a profile, unless the secret holds it already. A secret that serves something else would be gone for
    /// whoever uses it, so it is looked into before it is written.
    pub async fn push(&self, config: &Config, form: Form) -> Result<Option<Stored>, Error> {
        match self.holds(config).await? && self.kms_key.is_none() {
            true => Ok(None),
            false => self.overwrite(config, form).await.map(Some),
        }
    }

    /// Writes a new version of the secret, or makes it. Nobody but the identity that was configured does this, so that
    /// no secret comes to be in an unexpected account.
    pub async fn overwrite(&self, config: &Config, form: Form) -> Result<Stored, Error> {
        let json = bundle::to_json(config);
        let text = match form {
            Form::Json => json,
            Form::Base64 => codec::encode(json.expose().as_bytes()).into(),
        };
        let aws = self.connect()?;
        let write = async {
            let secret = aws.secret(&self.identity, &self.secret).await?;
            secret.write(&text, self.kms_key.as_deref()).await
        };
        write.await.map_err(|source| {
            let (secret, source) = (self.secret.to_string(), Box::new(source));
            match source.may_have_acted() {
                true => Error::Uncertain { secret, source },
                false => Error::Write { secret, source },
            }
        })
    }

    async fn holds(&self, config: &Config) -> Result<bool, Error> {
        let text = match self.text().await {
            Ok(text) => text,
            Err(Error::Read { source, .. }) if source.is_not_found() => return Ok(false),
            Err(Error::Empty(_)) => return Ok(false),
            Err(error) => return Err(Error::LookedInto(Box::new(error))),
        };
        match bundle::read_one(text.expose()) {
            Ok(present) if present.get(Member::ClientId).is_some() => {
                Ok(present == as_read(config))
            }
            Ok(_) | Err(_) => Err(Error::Occupied(self.secret.to_string())),
        }
    }

    fn connect(&self) -> Result<Aws<'_>, Error> {
        let connected = self.context.connect();
        let connected = connected.and_then(|http| Aws::new(http, &self.context.environment));
        connected.map_err(|error| Error::Connection(Box::new(error)))
    }
}

async fn read(
    secret: impl Future<Output = Result<Secret, aws::Error>>,
) -> Result<Sensitive<String>, aws::Error> {
    secret.await?.read().await
}

/// A configuration after it was written and read again: in JSON, some texts are spelled in another way.
fn as_read(config: &Config) -> Config {
    bundle::read_one(bundle::to_json(config).expose()).unwrap_or_default()
}

#[async_trait(?Send)]
impl Store for AwsSecret {
    fn location(&self) -> String {
        format!("AWS secret `{}`", self.secret)
    }

    fn storage(&self) -> &'static str {
        NAME
    }

    fn limits(&self) -> Limits {
        Limits {
            keys_only: true,
            ..Limits::default()
        }
    }

    fn reference(&self) -> Vec<(&'static str, Sensitive<String>)> {
        self.section()
    }

    async fn load(&self, _: &ProfileName) -> Result<Config, super::Error> {
        let text = self.text().await?;
        bundle::read_one(text.expose()).map_err(|source| super::Error::Content {
            location: self.location(),
            source,
        })
    }

    /// AWS has no locks, so it is read back.
    async fn save_keys(&self, config: &Config) -> Result<(), super::Error> {
        self.push(config, Form::Base64).await?;
        let text = self.text().await?;
        match bundle::read_one(text.expose()).ok() == Some(as_read(config)) {
            true => Ok(()),
            false => Err(Error::NotStored(self.secret.to_string()).into()),
        }
    }
}
