//! Every way a store fails.

use std::path::PathBuf;

use super::aws::error as aws;
use super::read_only;
use crate::profile::{ProfileName, bundle, config, ini};
use crate::{foreign, private_file};

/// Why profiles cannot be found, read, chosen or saved.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    File(#[from] private_file::Error),
    /// The store that was named is not there.
    #[error("Keeper INI files does not exists at {0}")]
    Missing(String),
    #[error("a configuration or a token was given where the path of a keeper.ini is wanted")]
    NoPath,
    #[error("{path} cannot be used")]
    Ini { path: PathBuf, source: ini::Error },
    #[error("{0} is no keeper.ini, but holds the configuration of an SDK or an export")]
    Exported(PathBuf),
    #[error(transparent)]
    ReadOnly(#[from] read_only::Error),
    #[error(transparent)]
    Keyring(#[from] crate::keyring::Error),
    #[error("there is no directory for the file that locks the OS keyring")]
    NoLock,
    #[error("there is no private place to keep the keys until they are delivered")]
    NoPrivatePlace,
    #[error("a profile whose keys are elsewhere can only be kept in a keeper.ini")]
    Reference,
    /// The official layout tells the hash of one profile's item from the item of such a profile by nothing else.
    #[error(
        "the name `{0}` ends with `-integrity`, which the OS keyring's official layout uses for something else"
    )]
    Reserved(ProfileName),
    #[error("a file is named, and the keyring is asked for; only one of them can have the profile")]
    FileAndKeyring,
    #[error(transparent)]
    Aws(#[from] aws::Error),
    /// Another program knows more kinds of storage.
    #[error("Unknown profile storage '{0}' - please update KSM CLI")]
    UnknownStorage(foreign::Text),
    #[error("nothing can be saved in {0}")]
    NotSaved(String),
    #[error("the working directory is gone, and nothing else says where to save the profile")]
    NoDirectory,
    #[error("profile `{name}` is not in {location}")]
    Unknown {
        name: ProfileName,
        location: String,
        known: Vec<ProfileName>,
    },
    #[error("Cannot determine the active profile.")]
    NoActive { known: Vec<ProfileName> },
    #[error("there is no profile in {0}")]
    Empty(String),
    #[error("there is a profile `{name}` in {location} already")]
    Taken { name: ProfileName, location: String },
    #[error(
        "{location} does not give profile `{name}` back as it was stored; it stays where it is"
    )]
    NotGivenBack { name: ProfileName, location: String },
    /// The profile is there and does not work, or its keys cannot be had from where they are.
    #[error("profile `{name}` in {location} cannot be used")]
    Unusable {
        name: ProfileName,
        location: String,
        source: Box<Error>,
    },
    #[error("{location} holds no configuration")]
    Content {
        location: String,
        source: bundle::Error,
    },
    #[error(transparent)]
    Config(#[from] config::Error),
}
