//! Every way a secret of AWS fails to keep a profile.

use crate::aws::{self, secret_id};
use crate::{foreign, http};

/// Why the secret cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Failed to load profile from AWS secret - unknown provider '{0}'")]
    Provider(foreign::Text),
    #[error("it has no {0}")]
    Missing(&'static str),
    #[error("its fallback is neither true nor false")]
    Fallback,
    #[error(transparent)]
    Name(#[from] secret_id::Error),
    #[error(transparent)]
    Region(Box<aws::Error>),
    #[error(transparent)]
    Connection(Box<http::Error>),
    #[error("Failed to read config from AWS secret '{secret}'")]
    Read {
        secret: String,
        source: Box<aws::Error>,
    },
    #[error(
        "Failed to read config from AWS secret '{secret}': {first}; and as fallback, with the default AWS credentials"
    )]
    ReadTwice {
        secret: String,
        first: String,
        source: Box<aws::Error>,
    },
    #[error("Failed to load profile from AWS secret '{0}': it is empty")]
    Empty(String),
    #[error("the AWS secret '{secret}' cannot be written")]
    Write {
        secret: String,
        source: Box<aws::Error>,
    },
    #[error("nobody knows whether the AWS secret '{secret}' was written")]
    Uncertain {
        secret: String,
        source: Box<aws::Error>,
    },
    #[error("the secret cannot be looked into before it is written")]
    LookedInto(#[source] Box<Error>),
    #[error("the AWS secret `{0}` holds something that is no profile, and is left as it is")]
    Occupied(String),
    #[error("the AWS secret `{0}` does not give the profile back as it was stored")]
    NotStored(String),
}
