//! What a section says of a secret of AWS, read and written (cli-reference.md 2.4).

use std::fmt;

use super::Error;
use crate::aws::{Credentials, Identity, InvalidRegion, SecretId};
use crate::environment::boolean;
use crate::sensitive::Sensitive;
use crate::storage::{Entries, Section};

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
                    .map_err(|error: InvalidRegion| Error::Region(Box::new(error.into())))?,
            },
            Some(other) => return Err(Error::Provider(other.to_owned())),
        };
        let fallback = match text("fallback").map(|value| boolean(&value)) {
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

#[cfg(test)]
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
