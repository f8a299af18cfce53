//! Failures of a call. An answer is quoted only where it is the service's sentence about a refusal.

use super::{Cloud, Rejection, RejectionKind};
use crate::foreign::Text;
use crate::{clock, crypto, http, limits};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Clock(#[from] clock::Error),
    #[error("{host} gave no answer within {} seconds", limits::CALL.as_secs())]
    Deadline { host: String },
    #[error("{host} fails with status {status}")]
    Server { host: String, status: u16 },
    #[error("{host} takes no more requests for now")]
    Throttled {
        host: String,
        /// The seconds that `Retry-After` asks for.
        retry_after: Option<f64>,
    },
    /// The answer is of another kind, or of somebody else.
    #[error("{host} does not answer as {cloud} does")]
    Unexpected { cloud: Cloud, host: String },
    /// The answer to a change does not say that it was made.
    #[error("{host} does not say whether {cloud} made the change")]
    Unconfirmed { cloud: Cloud, host: String },
    #[error("the value of the secret `{secret}` that {cloud} sends does not match its checksum")]
    Damaged { cloud: Cloud, secret: Text },
    #[error(transparent)]
    Rejected(#[from] Box<Rejection>),
}

impl Error {
    pub fn rejection(&self) -> Option<RejectionKind> {
        match self {
            Self::Rejected(rejection) => Some(rejection.kind),
            _ => None,
        }
    }

    /// Whether the cloud may have carried the call out.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Http(error) => error.may_have_acted(),
            Self::Deadline { .. } | Self::Server { .. } | Self::Unconfirmed { .. } => true,
            Self::Crypto(_)
            | Self::Clock(_)
            | Self::Throttled { .. }
            | Self::Unexpected { .. }
            | Self::Damaged { .. }
            | Self::Rejected(_) => false,
        }
    }

    /// Whether the same call may succeed in a moment.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Http(error) => error.may_pass(),
            Self::Server { .. } => true,
            _ => false,
        }
    }
}

/// Why a service does not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError<T> {
    #[error(transparent)]
    Call(#[from] Error),
    /// What is told of this service only, such as what lacks before any call.
    #[error(transparent)]
    Own(T),
}

impl<T> ServiceError<T> {
    pub fn call(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            Self::Own(_) => None,
        }
    }

    pub fn rejection(&self) -> Option<RejectionKind> {
        self.call()?.rejection()
    }

    /// Whether the cloud may have carried the call out.
    pub fn may_have_acted(&self) -> bool {
        self.call().is_some_and(Error::may_have_acted)
    }
}

impl<T> From<http::Error> for ServiceError<T> {
    fn from(error: http::Error) -> Self {
        Self::Call(error.into())
    }
}

impl<T> From<crypto::Error> for ServiceError<T> {
    fn from(error: crypto::Error) -> Self {
        Self::Call(error.into())
    }
}

impl<T> From<clock::Error> for ServiceError<T> {
    fn from(error: clock::Error) -> Self {
        Self::Call(error.into())
    }
}
