//! What the environment says about files, in the spelling of the official CLI.

use crate::environment::{Environment, names};
use crate::private_file::Policy;
use crate::storage::Ambient;

/// What decides where files are looked for.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub environment: &'a Environment,
    /// How the user is told that something waits for them.
    pub tell: fn(&str),
}

impl Surroundings<'_> {
    /// What a store elsewhere needs of it.
    pub fn ambient(&self) -> Ambient<'_> {
        Ambient {
            environment: self.environment,
            tell: self.tell,
        }
    }

    /// The policy for a file the user named.
    pub fn named(&self) -> Policy {
        self.policy(Policy::Named)
    }

    pub(super) fn policy(&self, otherwise: Policy) -> Policy {
        if self.environment.flag(names::KSM_CONFIG_SKIP_MODE) {
            Policy::Blind
        } else {
            otherwise
        }
    }
}
