//! What the services of AWS, Azure and Google have in common: calls over one transport, and their errors. Those of Azure
//! and Google are asked with access tokens.

mod assertion;
mod error;
mod oauth;
mod rejection;
mod service;
mod token;
mod transport;

pub(crate) use assertion::sign_assertion;
pub use error::{Error, ServiceError};
pub(crate) use oauth::{read_metadata_refusal, read_oauth_refusal};
pub(crate) use rejection::Told;
pub use rejection::{Operation, Rejection, RejectionKind};
pub(crate) use service::{BearerService, TokenSource};
pub(crate) use token::AccessToken;
pub(crate) use transport::{Call, Deadline, Transport, form, is_encrypted_or_local};

use std::fmt;

/// The owner of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    Aws,
    Azure,
    Google,
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aws => "AWS",
            Self::Azure => "Azure",
            Self::Google => "Google",
        })
    }
}
