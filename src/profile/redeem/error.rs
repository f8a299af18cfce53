//! Every way a token does not become a profile.

use crate::crypto;
use crate::profile::{config, store};
use crate::vault;
use crate::wire::{self, token};

/// Why a token did not become a profile.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Token(#[from] token::Error),
    #[error("a configuration was given where a one-time token is wanted")]
    IsConfig,
    #[error("the path of a file was given where a one-time token is wanted")]
    IsPath,
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Config(#[from] config::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The vault was asked. Where the keys were kept, the same token can be tried again.
    #[error("Could not init the profile")]
    Vault {
        source: Box<vault::Error>,
        keys_kept: bool,
    },
    #[error("the vault knows this device now, but its profile could not be saved")]
    NotSaved(#[source] store::Error),
    #[error("there is no place to save the profile, so KSM_TOKEN was not used: {}", reasons.join("; "))]
    NoPlace { reasons: Vec<String> },
}

impl Error {
    /// Whether the vault does not take the token; that it does not take the client is another matter.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Vault { source, .. } if matches!(&**source, vault::Error::Wire(wire::Error::Refused(_))))
    }
}
