//! Azure, as far as secrets are written there: identities, and the secrets of a key vault.
//!
//! `identity` decides in values who asks. `token` gets its tokens from Entra ID, for a secret or what a
//! `certificate` proves, and `managed` from a service of the machine. `vault` is the address of a vault, which says in which of Azure's clouds it is. `client` makes the calls.

mod certificate;
mod client;
mod error;
mod identity;
mod managed;
mod refusal;
mod token;
mod vault;

pub use certificate::CertificateFile;
pub use client::{KeyVault, SecretNotes, VaultSecret};
pub use error::{Error, OwnError};
pub use identity::AzureIdentity;
pub use managed::TokenGiver;
pub use vault::Vault;
