//! A configuration in a secret of AWS Secrets Manager: read from there, and written.

mod reference;

pub use reference::{Fallback, Reference};

use super::Ambient;
use crate::aws::{self, Aws, SecretId, Stored, secret_id};
use crate::environment::Environment;
use crate::error_chain;
use crate::http::{self, Http, Settings};
use crate::sensitive::Sensitive;

/// Why the secret cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A word that no version of us writes.
    #[error("Failed to load profile from AWS secret - unknown provider '{0}'")]
    Provider(String),
    /// A section without what its provider needs.
    #[error("it has no {0}")]
    Missing(&'static str),
    /// Neither yes nor no.
    #[error("its fallback is neither true nor false")]
    Fallback,
    /// No name of a secret.
    #[error(transparent)]
    Name(#[from] secret_id::Error),
    /// No region.
    #[error(transparent)]
    Region(Box<aws::Error>),
    /// What the environment says about connections is wrong.
    #[error(transparent)]
    Connection(Box<http::Error>),
    /// It could not be read.
    #[error("Failed to read config from AWS secret '{secret}'")]
    Read {
        /// Which.
        secret: String,
        /// Why.
        source: Box<aws::Error>,
    },
    /// Nor by the default credentials.
    #[error(
        "Failed to read config from AWS secret '{secret}': {first}; and as fallback, with the default AWS credentials"
    )]
    ReadTwice {
        /// Which.
        secret: String,
        /// Why not as configured.
        first: String,
        /// Why not by default.
        source: Box<aws::Error>,
    },
    /// Blank.
    #[error("Failed to load profile from AWS secret '{0}': it is empty")]
    Empty(String),
    /// It could not be written.
    #[error("the AWS secret '{secret}' cannot be written")]
    Write {
        /// Which.
        secret: String,
        /// Why.
        source: Box<aws::Error>,
    },
}

/// Reads the secret's value: JSON, or base64 of it.
pub async fn load(
    reference: &Reference,
    ambient: &Ambient<'_>,
) -> Result<Sensitive<String>, Error> {
    let secret = &reference.secret;
    let aws = connect(ambient.environment)?;
    let text = match as_configured(&aws, reference).await {
        Ok(text) => text,
        Err(first)
            if reference.fallback == Fallback::ToDefault && first.is_about_the_identity() =>
        {
            let first = error_chain::joined(&first);
            match by_default(&aws, secret).await {
                Ok(text) => {
                    (ambient.tell)(&format!(
                        "AWS's default credentials are used, since the chosen ones do not serve: {first}"
                    ));
                    text
                }
                Err(source) => {
                    return Err(Error::ReadTwice {
                        secret: secret.to_string(),
                        first,
                        source: Box::new(source),
                    });
                }
            }
        }
        Err(source) => {
            return Err(Error::Read {
                secret: secret.to_string(),
                source: Box::new(source),
            });
        }
    };
    match text.expose().trim().is_empty() {
        true => Err(Error::Empty(secret.to_string())),
        false => Ok(text),
    }
}

/// Writes `text` into the secret as a new version, or makes it, under `kms_key` if one is named. Nobody but the identity
/// of `reference` does this, so that no secret comes to be in an unexpected account.
pub async fn store(
    reference: &Reference,
    text: &Sensitive<String>,
    kms_key: Option<&str>,
    ambient: &Ambient<'_>,
) -> Result<Stored, Error> {
    let secret = &reference.secret;
    let aws = connect(ambient.environment)?;
    let write = async {
        let secret = aws.secret(&reference.identity, secret).await?;
        secret.write(text, kms_key).await
    };
    write.await.map_err(|source| Error::Write {
        secret: secret.to_string(),
        source: Box::new(source),
    })
}

fn connect(environment: &Environment) -> Result<Aws<'_>, Error> {
    let connected = Settings::from_environment(environment)
        .and_then(|settings| Http::new(&settings))
        .and_then(|http| Aws::new(http, environment));
    connected.map_err(|error| Error::Connection(Box::new(error)))
}

async fn as_configured(
    aws: &Aws<'_>,
    reference: &Reference,
) -> Result<Sensitive<String>, aws::Error> {
    let secret = aws.secret(&reference.identity, &reference.secret).await?;
    secret.read().await
}

async fn by_default(aws: &Aws<'_>, secret: &SecretId) -> Result<Sensitive<String>, aws::Error> {
    let secret = aws.secret_by_default(secret).await?;
    secret.read().await
}
