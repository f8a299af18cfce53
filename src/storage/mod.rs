//! Where a device's configuration rests when it is not in the section of its profile. A store is one file here and one
//! variant of [`Reference`]. It deals in texts, JSON or its base64; what they say is for `profile` to know.

pub mod aws;

use std::fmt;

use crate::environment::Environment;
use crate::keyring;
use crate::sensitive::Sensitive;

/// Keys of a section whose device keys lie elsewhere; a profile that keeps its keys with itself has none of them.
pub const KEYS: [&str; 8] = [
    "storage",
    "provider",
    "secret",
    "fallback",
    "profile",
    "aws_access_key_id",
    "aws_secret_access_key",
    "region",
];

/// What a store needs of the world.
#[derive(Clone, Copy)]
pub struct Ambient<'a> {
    pub environment: &'a Environment,
    /// How the user is told what they should know meanwhile.
    pub tell: fn(&str),
}

/// How a section is asked for a value: by its key, in lower case. Absent, bare and empty are alike.
pub type Section<'a> = &'a dyn Fn(&str) -> Option<Sensitive<String>>;

/// The keys of a section with their values, in the order they are written; none is a bare key.
pub type Entries = Vec<(&'static str, Option<Sensitive<String>>)>;

/// What a section says instead of keys: where they are.
#[derive(Debug, Clone)]
pub enum Reference {
    /// An item of the OS keyring, by the name of its profile; also `storage = keyring` (decision D11).
    Keyring(String),
    /// `storage = aws`.
    Aws(aws::Reference),
}

/// Why a configuration cannot be had from where it rests.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program knows more kinds of storage.
    #[error("Unknown profile storage '{0}' - please update KSM CLI")]
    Unknown(String),
    /// The OS keyring.
    #[error(transparent)]
    Keyring(#[from] keyring::Error),
    /// AWS Secrets Manager.
    #[error(transparent)]
    Aws(#[from] aws::Error),
}

impl Reference {
    /// What the section of profile `name` says; nothing where the keys are in the section itself.
    pub fn of_section(name: &str, section: Section<'_>) -> Result<Option<Self>, Error> {
        let Some(storage) = section("storage") else {
            return Ok(None);
        };
        match storage.expose().as_str() {
            "internal" => Ok(None),
            "keyring" => Ok(Some(Self::Keyring(name.to_owned()))),
            "aws" => Ok(Some(Self::Aws(aws::Reference::of_section(section)?))),
            other => Err(Error::Unknown(other.to_owned())),
        }
    }

    /// What is written into a section.
    pub fn entries(&self) -> Entries {
        match self {
            Self::Keyring(_) => vec![("storage", Some("keyring".to_owned().into()))],
            Self::Aws(reference) => reference.entries(),
        }
    }

    /// The value of the key `storage`, by which people and scripts call the place.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Keyring(_) => "keyring",
            Self::Aws(_) => "aws",
        }
    }

    /// Fetches the text.
    pub async fn load(&self, ambient: &Ambient<'_>) -> Result<Sensitive<String>, Error> {
        match self {
            Self::Keyring(name) => Ok(keyring::load(name, ambient).await?),
            Self::Aws(reference) => Ok(aws::load(reference, ambient).await?),
        }
    }
}

/// The place in words.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring(_) => f.write_str("the OS keyring"),
            Self::Aws(reference) => reference.fmt(f),
        }
    }
}
