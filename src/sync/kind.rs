//! The table of destinations: `--type`.

use std::fmt;
use std::str::FromStr;

use super::destination::Traits;
use super::{aws, azure, google, kubernetes};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The values are printed, and nothing is contacted.
    Json,
    Aws,
    Azure,
    Google,
    Kubernetes,
}

impl Kind {
    pub const ALL: &'static [Self] = &[
        Self::Aws,
        Self::Azure,
        Self::Google,
        Self::Kubernetes,
        Self::Json,
    ];

    pub fn traits(self) -> &'static Traits {
        const JSON: Traits = Traits {
            name: "json",
            service: "stdout",
            ..aws::TRAITS
        };
        match self {
            Self::Json => &JSON,
            Self::Aws => &aws::TRAITS,
            Self::Azure => &azure::TRAITS,
            Self::Google => &google::TRAITS,
            Self::Kubernetes => &kubernetes::TRAITS,
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the type is one of {}", names())]
pub struct UnknownKind;

fn names() -> String {
    let names = Kind::ALL.iter().map(|kind| kind.traits().name);
    names.collect::<Vec<_>>().join(", ")
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let mut kinds = Self::ALL.iter().copied();
        let is_meant = |kind: &Self| kind.traits().name.eq_ignore_ascii_case(text);
        kinds.find(is_meant).ok_or(UnknownKind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.traits().name)
    }
}
