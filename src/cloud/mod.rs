//! What the services of Azure and Google have in common: calls with a bearer token over one transport, and refusals.

mod error;
mod oauth;
mod rejection;
mod token;
mod transport;

pub use error::Error;
pub(crate) use oauth::{read_metadata_refusal, read_oauth_refusal};
pub(crate) use rejection::Told;
pub use rejection::{Operation, Rejection, RejectionKind};
pub(crate) use token::{AccessToken, TokenKeeper};
pub(crate) use transport::{Call, Transport, form, is_encrypted_or_local};

use std::fmt;

/// The owner of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    Azure,
    Google,
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Azure => "Azure",
            Self::Google => "Google",
        })
    }
}
