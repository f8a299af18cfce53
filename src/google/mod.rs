//! Google, as far as secrets are written there: credentials, and the secrets of a project.
//!
//! `plan` finds the credentials, and `document` reads them into an `identity`. `hosts` says which addresses of such a
//! file may be asked. `token` gets tokens: for an `assertion` that a service account signs, for the token of another
//! issuer, or from the `metadata` server of a machine. `client` makes the calls.

mod assertion;
mod checksum;
mod client;
mod document;
mod error;
mod hosts;
mod identity;
mod metadata;
mod plan;
mod project;
mod refusal;
mod token;

pub use client::{SecretManager, SecretPayload};
pub use error::{CredentialsError, Error, OwnError};
pub use identity::GoogleIdentity;
pub use plan::{by_default, of_record};
pub use project::{InvalidProject, Project};
