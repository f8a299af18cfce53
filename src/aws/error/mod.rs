//! Failures of AWS. An answer is quoted only where it is the service's sentence about an error.

mod credentials;
mod metadata;
mod service;

pub use credentials::CredentialsError;
pub use metadata::MetadataError;
pub use service::{ServiceError, ServiceErrorKind};

use super::region::InvalidRegion;
use super::{secret_id, shared_files};
use crate::{clock, crypto, foreign, http, limits};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Clock(#[from] clock::Error),
    /// The endpoint in this setting has no TLS.
    #[error("the address in {0} is neither https nor on this machine")]
    Address(foreign::Text),
    /// A profile names a section of endpoints that is not there.
    #[error("AWS's shared configuration has no section [services {0}]")]
    NoServices(foreign::Text),
    #[error(transparent)]
    Region(#[from] InvalidRegion),
    /// Neither ARN nor variable nor profile nor instance names a region.
    #[error("nothing says in which region of AWS the secrets are")]
    NoRegion,
    #[error(transparent)]
    SecretId(#[from] secret_id::Error),
    #[error("AWS's shared configuration cannot be used")]
    SharedFile(#[from] shared_files::Error),
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    #[error("the instance metadata service cannot be used")]
    Metadata(#[from] MetadataError),
    #[error("{host} gave no answer within {} seconds", limits::CALL.as_secs())]
    Deadline { host: String },
    #[error("{host} fails with status {status}")]
    Server { host: String, status: u16 },
    /// The answer is of another kind, or of somebody else.
    #[error("{0} does not answer as AWS does")]
    Unexpected(String),
    /// The answer to a write is lost, or none.
    #[error("AWS may have carried out {operation}, or not")]
    Uncertain {
        operation: &'static str,
        source: Box<Error>,
    },
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The secret is there, without a text.
    #[error("there is no text in it")]
    NoText,
}

impl Error {
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Service(error) if error.kind == ServiceErrorKind::NotFound)
    }

    /// What the service says about the call.
    pub fn service_kind(&self) -> Option<ServiceErrorKind> {
        match self {
            Self::Service(error) => Some(error.kind),
            _ => None,
        }
    }

    /// Whether another identity might get an answer to the same call.
    pub fn is_about_the_identity(&self) -> bool {
        match self {
            Self::Credentials(_) | Self::Metadata(_) | Self::NoRegion => true,
            Self::Service(error) => error.kind != ServiceErrorKind::Throttled,
            _ => false,
        }
    }

    /// Whether AWS may have carried the call out.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Uncertain { .. } => true,
            Self::Http(error) => error.may_have_acted(),
            Self::Deadline { .. } | Self::Server { .. } => true,
            _ => false,
        }
    }

    /// Whether the same call may succeed in a moment.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Http(error) => error.may_pass(),
            Self::Server { .. } => true,
            Self::Service(error) => error.kind == ServiceErrorKind::Throttled,
            _ => false,
        }
    }
}
