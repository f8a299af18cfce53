//! A configuration in a secret of AWS Secrets Manager (cli-reference.md 2.4).

use std::fmt;

use super::{Entries, Section};
use crate::http::Lookup;
use crate::sensitive::Sensitive;

/// Which secret, and whose credentials read it.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Its name or ARN.
    pub secret: String,
    entries: Entries,
}

/// Why the secret cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not in this version.
    #[error("this version of ksm cannot read AWS secrets")]
    Unavailable,
}

impl Reference {
    /// Reads the keys of a section.
    pub fn of_section(section: Section<'_>) -> Result<Self, Error> {
        let secret = section("secret").map(|secret| secret.expose().clone());
        let entries = super::KEYS.map(|key| (key, section(key)));
        Ok(Self {
            secret: secret.unwrap_or_else(|| "ksm-config".to_owned()),
            entries: entries
                .into_iter()
                .filter(|(_, value)| value.is_some())
                .collect(),
        })
    }

    /// The keys of the section.
    pub fn entries(&self) -> Entries {
        self.entries.clone()
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AWS secret `{}`", self.secret)
    }
}

/// Reads the secret's value.
pub async fn load(_: &Reference, _: Lookup<'_>) -> Result<Sensitive<String>, Error> {
    Err(Error::Unavailable)
}
