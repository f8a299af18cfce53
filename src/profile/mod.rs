//! Profiles: identities towards vaults, the stores that keep them, and the choice of one for a command.

pub mod bundle;
pub mod config;
pub mod discover;
pub mod gitignore;
pub mod ini;
pub mod move_profile;
pub mod name;
pub mod pasted;
pub mod redeem;
pub mod search;
pub mod store;

use std::fmt;

pub use config::{Config, Member};
pub use discover::Discovery;
pub use name::ProfileName;
pub use store::pending::files::PlacedBinds;
pub use store::{Binds, Edit, Store, StoreContext};

use crate::device::Device;
use crate::wire::endpoint::HostName;
use crate::wire::server_key::{KeyId, ServerKey};

/// A configuration that was checked: a device, and how to reach its vault.
#[derive(Clone, Debug)]
pub struct Profile {
    pub host: HostName,
    /// The key of the first request; the vault may ask for another.
    pub server_key: ServerKey,
    pub device: Device,
    pub note: Option<Note>,
}

/// A remark about a configuration that works, but perhaps not as meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A key of its own for a host whose keys are published (D16).
    CustomKeyIgnored(HostName),
    /// A server key that is neither published nor in the configuration: another program dropped it (D10).
    UnknownKey(KeyId),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CustomKeyIgnored(host) => write!(
                f,
                "a server key of its own came with it, which is not used: the keys of {host} are published"
            ),
            Self::UnknownKey(id) => write!(
                f,
                "the profile names the server key {id}, which is not a published one, and does not hold it; if the \
                 vault refuses, import the profile again or add `serverpublickey` to it"
            ),
        }
    }
}
