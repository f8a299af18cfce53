//! The ends of a run before anything was written.

use super::credentials::MissingLabels;
use super::destination::CallError;
use crate::{aws, azure, google, http, kubernetes};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Labels(#[from] MissingLabels),
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error(transparent)]
    Aws(#[from] aws::Error),
    #[error(transparent)]
    Azure(#[from] azure::Error),
    #[error(transparent)]
    Google(#[from] google::Error),
    #[error(transparent)]
    Kubernetes(#[from] kubernetes::Error),
    /// Secrets of the store cannot be read.
    #[error("nothing was written")]
    Store(#[source] CallError),
}
