//! A configuration in a secret of AWS Secrets Manager (cli-reference.md 2.4).

use std::error::Error as _;
use std::fmt;

use super::{Ambient, Entries, Section};
use crate::aws::{self, Aws, Credentials, Identity, SecretId, Stored, secret_id};
use crate::http::trust::truth;
use crate::http::{self, Http, Lookup, Settings};
use crate::sensitive::Sensitive;

/// Which secret, and whose credentials read it.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Its name or ARN.
    pub secret: SecretId,
    /// Whose credentials.
    pub identity: Identity,
    /// What happens if they do not serve.
    pub fallback: Fallback,
}

/// What happens if the identity that was configured cannot be had, or is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// It is an error.
    Never,
    /// AWS's default credentials are used instead.
    ToDefault,
}

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

impl Reference {
    /// Reads the keys of a section.
    pub fn of_section(section: Section<'_>) -> Result<Self, Error> {
        let text = |key| section(key).map(|value| value.expose().clone());
        let provider = text("provider");
        let identity = match provider.as_deref() {
            None | Some("ec2instance") => Identity::Instance,
            Some("profile") => Identity::Profile(text("profile")),
            // The official CLI writes the one and reads the other (FIX 29).
            Some("keys" | "custom") => Identity::Keys {
                credentials: Credentials {
                    access_key_id: section(ID).ok_or(Error::Missing(ID))?,
                    secret_access_key: section(SECRET).ok_or(Error::Missing(SECRET))?,
                    session_token: None,
                },
                region: text(REGION)
                    .ok_or(Error::Missing(REGION))?
                    .parse()
                    .map_err(|error| Error::Region(Box::new(error)))?,
            },
            Some(other) => return Err(Error::Provider(other.to_owned())),
        };
        let fallback = match text("fallback").map(|value| truth(&value)) {
            None | Some(Some(false)) => Fallback::Never,
            Some(Some(true)) => Fallback::ToDefault,
            Some(None) => return Err(Error::Fallback),
        };
        let secret = text("secret").map(|secret| secret.parse()).transpose()?;
        Ok(Self {
            secret: secret.unwrap_or_default(),
            identity,
            fallback,
        })
    }

    /// The keys of the section.
    pub fn entries(&self) -> Entries {
        let text = |text: &str| Some(Sensitive::new(text.to_owned()));
        let mut entries = vec![("storage", text("aws"))];
        match &self.identity {
            Identity::Instance => entries.push(("provider", text("ec2instance"))),
            Identity::Profile(name) => {
                entries.push(("provider", text("profile")));
                entries.extend(name.as_deref().map(|name| ("profile", text(name))));
            }
            Identity::Keys {
                credentials,
                region,
            } => entries.extend([
                ("provider", text("keys")),
                (ID, Some(credentials.access_key_id.clone())),
                (SECRET, Some(credentials.secret_access_key.clone())),
                (REGION, text(region.as_str())),
            ]),
        }
        entries.push(("secret", text(self.secret.as_str())));
        if self.fallback == Fallback::ToDefault {
            entries.push(("fallback", text("True")));
        }
        entries
    }
}

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
const REGION: &str = "region";

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS secret `{}`", self.secret)
    }
}

/// Reads the secret's value: JSON, or base64 of it.
pub async fn load(
    reference: &Reference,
    ambient: &Ambient<'_>,
) -> Result<Sensitive<String>, Error> {
    let secret = &reference.secret;
    let aws = connect(ambient.var)?;
    let text = match as_configured(&aws, reference).await {
        Ok(text) => text,
        Err(first)
            if reference.fallback == Fallback::ToDefault && first.is_about_the_identity() =>
        {
            let first = chain(&first);
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
    let aws = connect(ambient.var)?;
    let write = async {
        let session = aws.sign_in(&reference.identity, secret).await?;
        aws.put_secret(&session, secret, text, kms_key).await
    };
    write.await.map_err(|source| Error::Write {
        secret: secret.to_string(),
        source: Box::new(source),
    })
}

fn connect<'a>(var: Lookup<'a>) -> Result<Aws<'a>, Error> {
    let connected = Settings::from_environment(var)
        .and_then(|settings| Http::new(&settings))
        .and_then(|http| Aws::new(http, var));
    connected.map_err(|error| Error::Connection(Box::new(error)))
}

async fn as_configured(
    aws: &Aws<'_>,
    reference: &Reference,
) -> Result<Sensitive<String>, aws::Error> {
    let session = aws.sign_in(&reference.identity, &reference.secret).await?;
    aws.secret(&session, &reference.secret).await
}

async fn by_default(aws: &Aws<'_>, secret: &SecretId) -> Result<Sensitive<String>, aws::Error> {
    let session = aws.sign_in_by_default(secret).await?;
    aws.secret(&session, secret).await
}

/// An error and its sources in one sentence.
fn chain(error: &aws::Error) -> String {
    let sources = std::iter::successors(error.source(), |&error| error.source());
    sources.fold(error.to_string(), |said, source| {
        format!("{said}: {source}")
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn section(keys: &[(&str, &str)]) -> Result<Reference, Error> {
        Reference::of_section(&|key| {
            let found = keys.iter().find(|(known, _)| *known == key);
            found.map(|(_, value)| Sensitive::new((*value).to_owned()))
        })
    }

    fn written(reference: &Reference) -> Vec<(&'static str, String)> {
        let entries = reference.entries().into_iter();
        entries
            .map(|(key, value)| (key, value.unwrap().expose().clone()))
            .collect()
    }

    #[test]
    fn what_is_written_is_read_again_and_the_official_spelling_too() {
        type Keys = &'static [(&'static str, &'static str)];
        let cases: [(Keys, Keys); 6] = [
            (
                &[("storage", "aws")],
                &[
                    ("storage", "aws"),
                    ("provider", "ec2instance"),
                    ("secret", "ksm-config"),
                ],
            ),
            (
                &[
                    ("storage", "aws"),
                    ("provider", "profile"),
                    ("secret", "a/b"),
                    ("fallback", "True"),
                ],
                &[
                    ("storage", "aws"),
                    ("provider", "profile"),
                    ("secret", "a/b"),
                    ("fallback", "True"),
                ],
            ),
            (
                &[
                    ("storage", "aws"),
                    ("provider", "profile"),
                    ("profile", "p"),
                    ("fallback", "no"),
                ],
                &[
                    ("storage", "aws"),
                    ("provider", "profile"),
                    ("profile", "p"),
                    ("secret", "ksm-config"),
                ],
            ),
            (
                &[
                    ("provider", "custom"),
                    ("aws_access_key_id", "A"),
                    ("aws_secret_access_key", "canary"),
                    ("region", "eu-west-1"),
                ],
                &[
                    ("storage", "aws"),
                    ("provider", "keys"),
                    ("aws_access_key_id", "A"),
                    ("aws_secret_access_key", "canary"),
                    ("region", "eu-west-1"),
                    ("secret", "ksm-config"),
                ],
            ),
            (
                &[("secret", "arn:aws:secretsmanager:eu-west-1:1:secret:x")],
                &[
                    ("storage", "aws"),
                    ("provider", "ec2instance"),
                    ("secret", "arn:aws:secretsmanager:eu-west-1:1:secret:x"),
                ],
            ),
            (
                &[("fallback", "1")],
                &[
                    ("storage", "aws"),
                    ("provider", "ec2instance"),
                    ("secret", "ksm-config"),
                    ("fallback", "True"),
                ],
            ),
        ];
        for (keys, expected) in cases {
            let first = written(&section(keys).unwrap());
            let expected: Vec<_> = expected
                .iter()
                .map(|(key, value)| (*key, (*value).to_owned()))
                .collect();
            assert_eq!(first, expected, "{keys:?}");
            let again: Vec<_> = first
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            assert_eq!(written(&section(&again).unwrap()), expected, "{keys:?}");
        }
    }

    #[test]
    fn a_section_that_does_not_say_enough_is_told_what_it_lacks() {
        type Case = (&'static [(&'static str, &'static str)], &'static str);
        let cases: [Case; 6] = [
            (
                &[("provider", "azure")],
                "Failed to load profile from AWS secret - unknown provider 'azure'",
            ),
            (&[("provider", "keys")], "it has no aws_access_key_id"),
            (
                &[("provider", "keys"), (ID, "A"), (SECRET, "canary")],
                "it has no region",
            ),
            (
                &[
                    ("provider", "keys"),
                    (ID, "A"),
                    (SECRET, "canary"),
                    (REGION, "x"),
                ],
                "`x` is no region of AWS",
            ),
            (
                &[("fallback", "perhaps")],
                "its fallback is neither true nor false",
            ),
            (
                &[("secret", "a b")],
                "`a b` is no name of an AWS secret: 1 to 512 letters, digits and characters of `/_+=.@-`",
            ),
        ];
        for (keys, expected) in cases {
            assert_eq!(section(keys).unwrap_err().to_string(), expected, "{keys:?}");
        }
    }
}
