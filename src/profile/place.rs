//! Where profiles come from, and where they can be changed.

use std::fmt;

use super::locate::Located;
use crate::storage::keyring;

/// Where profiles are kept, and can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A `keeper.ini`.
    File(Located),
    /// The OS keyring.
    Keyring,
}

/// Where profiles came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A place that can be changed.
    Place(Place),
    /// An environment variable; nothing can be saved there.
    Variable(&'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(located) => located.path.display().fmt(f),
            Self::Keyring => f.write_str(keyring::name()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(place) => place.fmt(f),
            Self::Variable(name) => f.write_str(name),
        }
    }
}
