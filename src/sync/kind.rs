//! The table of destinations: `--type`.

use std::fmt;

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

    /// The name counts in any case of letters.
    pub fn of_name(name: &str) -> Option<Self> {
        let mut kinds = Self::ALL.iter().copied();
        kinds.find(|kind| kind.traits().name.eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.traits().name)
    }
}
