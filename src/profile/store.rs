//! Profiles in one place: a `keeper.ini`, the OS keyring, or the variables that stand in for one. `saving` changes
//! them.

use std::path::PathBuf;

use super::bundle;
use super::config::{self, Config};
use super::contents::Contents;
use super::ini::{self, Document, SETTINGS};
use super::locate::Located;
use super::name::ProfileName;
use super::place::{Origin, Place};
use super::shelf::Shelf;
use super::surroundings::Surroundings;
use crate::keyring::{self, Keyring};
use crate::private_file::{self, Concern};
use crate::storage::{self, Ambient, Reference};

/// Profiles, and which of them is active.
#[derive(Debug, Clone)]
pub struct Store {
    /// Where they came from.
    pub origin: Origin,
    /// What its user should know about that place.
    pub warnings: Vec<String>,
    /// Whether it is a file that nobody named.
    found: bool,
    pub(super) contents: Contents,
}

/// Where the keys of a profile are.
#[derive(Debug, Clone)]
pub enum Kept {
    /// With the profile itself.
    Here(Config),
    /// Elsewhere.
    There(Reference),
}

/// Why profiles cannot be read, chosen or saved.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read or written, or must not be.
    #[error(transparent)]
    File(#[from] private_file::Error),
    /// The file is no `keeper.ini`.
    #[error("{path} cannot be used")]
    Ini {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: ini::Error,
    },
    /// No profile of this name.
    #[error("profile `{name}` is not in {place}")]
    Unknown {
        /// The name asked for.
        name: ProfileName,
        /// Where it was looked for.
        place: Origin,
        /// What there is instead.
        known: Vec<ProfileName>,
    },
    /// Several profiles and no word about which.
    #[error("Cannot determine the active profile.")]
    NoActive {
        /// What there is.
        known: Vec<ProfileName>,
    },
    /// No profile at all.
    #[error("there is no profile in {place}")]
    Empty {
        /// The place.
        place: Origin,
    },
    /// The keys lie elsewhere and cannot be had from there.
    #[error("profile `{name}` in {place} cannot be used")]
    Storage {
        /// The profile.
        name: ProfileName,
        /// Where it is.
        place: Origin,
        /// What went wrong.
        source: storage::Error,
    },
    /// What lies elsewhere is no configuration.
    #[error("profile `{name}` cannot be used: {kept} holds no configuration")]
    Kept {
        /// The profile.
        name: ProfileName,
        /// Where its keys are.
        kept: String,
        /// What is wrong with it.
        source: bundle::Error,
    },
    /// No directory for the lock of the keyring.
    #[error("there is no directory for the file that locks the OS keyring")]
    NoLock,
    /// The keyring cannot keep what it was given.
    #[error("the OS keyring cannot keep that")]
    Unfit(#[source] ini::Error),
    /// The keyring cannot be read or written.
    #[error(transparent)]
    Keyring(#[from] keyring::Error),
    /// The profile is there and does not work.
    #[error("profile `{name}` in {place} cannot be used")]
    Config {
        /// The profile.
        name: ProfileName,
        /// Where it is.
        place: Origin,
        /// What is wrong with it.
        source: config::Error,
    },
}

impl Store {
    /// A file that is not there yet.
    pub(super) fn empty(located: &Located) -> Self {
        Self {
            origin: Origin::Place(Place::File(located.clone())),
            warnings: Vec::new(),
            found: false,
            contents: Contents::Ini(Document::new()),
        }
    }

    /// Reads a file.
    pub fn open(located: &Located, around: &Surroundings) -> Result<Self, Error> {
        let (bytes, concerns) = private_file::read(&located.path, located.policy)?;
        let document = Document::parse(bytes.expose()).map_err(|source| Error::Ini {
            path: located.path.clone(),
            source,
        })?;
        let quiet = around.environment.flag("KSM_CONFIG_SKIP_MODE_WARNING");
        let worth_telling =
            |concern: &Concern| !quiet || !matches!(concern, Concern::Readable { .. });
        let concerns = concerns.iter().filter(|concern| worth_telling(concern));
        Ok(Self {
            origin: Origin::Place(Place::File(located.clone())),
            warnings: concerns.map(ToString::to_string).collect(),
            found: false,
            contents: Contents::Ini(document),
        })
    }

    /// Profiles from a variable; the first is active.
    pub(super) fn from_variable(
        variable: &'static str,
        profiles: &[(ProfileName, Config)],
    ) -> Result<Self, ini::Error> {
        let mut document = Document::new();
        for (at, (name, config)) in profiles.iter().enumerate() {
            config.put_section(&mut document, name.as_str())?;
            if at == 0 {
                document.set(SETTINGS, "active_profile", Some(name.as_str()))?;
            }
        }
        Ok(Self {
            origin: Origin::Variable(variable),
            warnings: Vec::new(),
            found: false,
            contents: Contents::Ini(document),
        })
    }

    /// The keyring's profiles.
    pub(super) async fn in_keyring(keyring: &Keyring) -> Result<Self, keyring::Error> {
        let (shelf, warning) = Shelf::load(keyring).await?;
        Ok(Self {
            origin: Origin::Place(Place::Keyring),
            warnings: warning.into_iter().collect(),
            found: false,
            contents: Contents::Keyring(shelf),
        })
    }

    /// The profiles in order.
    pub fn names(&self) -> Vec<ProfileName> {
        let names = self.contents.names().into_iter();
        names.map(ProfileName::existing).collect()
    }

    /// Whether there is a profile of this name.
    pub fn has(&self, name: &ProfileName) -> bool {
        self.contents.names().contains(&name.as_str())
    }

    /// The profile stored as the active one, if it is there.
    pub fn active(&self) -> Option<ProfileName> {
        self.contents.active().map(ProfileName::existing)
    }

    /// A setting: in a file one of `[_config]`.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.contents.setting(key)
    }

    /// The same, as a file that a search came upon.
    pub(super) fn found(self) -> Self {
        Self {
            found: true,
            ..self
        }
    }

    pub(super) fn is_found(&self) -> bool {
        self.found
    }

    /// The profile to use: the one asked for, else the active one, else the only one.
    pub fn choose(&self, wanted: Option<&ProfileName>) -> Result<ProfileName, Error> {
        let known = self.names();
        match (wanted, self.active()) {
            (Some(name), _) if known.contains(name) => Ok(name.clone()),
            (Some(name), _) => Err(Error::Unknown {
                name: name.clone(),
                place: self.origin.clone(),
                known,
            }),
            (None, Some(active)) => Ok(active),
            (None, None) => match known.as_slice() {
                [] => Err(Error::Empty {
                    place: self.origin.clone(),
                }),
                [only] => Ok(only.clone()),
                _ => Err(Error::NoActive { known }),
            },
        }
    }

    /// Where the keys of `name`, which is known, are. Nothing else is looked at.
    pub fn kept(&self, name: &ProfileName) -> Result<Kept, Error> {
        let kept = self.contents.kept(name.as_str());
        kept.map_err(|source| self.out_of_reach(name, source))
    }

    /// The configuration of `name`, which is known, from wherever it rests. Other profiles are not looked at
    /// (FIX 29).
    pub async fn config(&self, name: &ProfileName, ambient: &Ambient<'_>) -> Result<Config, Error> {
        let reference = match self.kept(name)? {
            Kept::Here(config) => return Ok(config),
            Kept::There(reference) => reference,
        };
        let text = reference.load(ambient).await;
        let text = text.map_err(|source| self.out_of_reach(name, source))?;
        bundle::read_one(text.expose()).map_err(|source| Error::Kept {
            name: name.clone(),
            kept: reference.to_string(),
            source,
        })
    }

    fn out_of_reach(&self, name: &ProfileName, source: storage::Error) -> Error {
        Error::Storage {
            name: name.clone(),
            place: self.origin.clone(),
            source,
        }
    }

    /// The error for a profile whose configuration does not work.
    pub fn unusable(&self, name: &ProfileName, source: config::Error) -> Error {
        Error::Config {
            name: name.clone(),
            place: self.origin.clone(),
            source,
        }
    }
}
