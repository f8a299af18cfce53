//! Failures of AWS besides those of calls.

mod credentials;
mod metadata;

pub use credentials::CredentialsError;
pub use metadata::MetadataError;

use super::region::InvalidRegion;
use super::{secret_id, shared_files};
use crate::cloud::{RejectionKind, ServiceError};
use crate::foreign;

pub type Error = ServiceError<OwnError>;

#[derive(Debug, thiserror::Error)]
pub enum OwnError {
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
    /// The secret is there, without a text.
    #[error("there is no text in it")]
    NoText,
}

impl Error {
    pub fn is_not_found(&self) -> bool {
        self.rejection() == Some(RejectionKind::NotFound)
    }

    /// Whether another identity might get an answer to the same call.
    pub fn is_about_the_identity(&self) -> bool {
        match self {
            Self::Own(OwnError::Credentials(_) | OwnError::Metadata(_) | OwnError::NoRegion) => {
                true
            }
            Self::Own(_) => false,
            Self::Call(error) => error.rejection().is_some(),
        }
    }
}

macro_rules! own {
    ($($error:ty),+) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::Own(error.into())
            }
        })+
    };
}

own!(
    OwnError,
    InvalidRegion,
    secret_id::Error,
    shared_files::Error,
    CredentialsError,
    MetadataError
);
