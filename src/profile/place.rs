//! Where profiles come from, and where they can be changed.

use std::fmt;
use std::path::Path;

use super::locate::Located;
use crate::keyring;

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

impl Place {
    /// Whether both are one place, by whatever names.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(other)) => is_same_file(&one.path, &other.path),
            (Self::Keyring, Self::Keyring) => true,
            (Self::File(_), Self::Keyring) | (Self::Keyring, Self::File(_)) => false,
        }
    }
}

/// Whether two paths lead to one file that is there.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (std::fs::canonicalize(one), std::fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
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
