//! Failures of Google.

use std::path::PathBuf;

use super::project::InvalidProject;
use crate::cloud::{self, ServiceError};
use crate::foreign::Text;
use crate::input;

pub type Error = ServiceError<OwnError>;

impl From<OwnError> for Error {
    fn from(error: OwnError) -> Self {
        Self::Own(error)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    #[error("Google's credentials in {place} cannot be used")]
    Credentials {
        place: String,
        source: CredentialsError,
    },
    #[error(transparent)]
    Project(#[from] InvalidProject),
    /// Neither record nor variable nor file nor machine names a project.
    #[error("nothing names the project of Google Cloud")]
    NoProject,
    #[error("the address in {0} is neither https nor on this machine")]
    Address(&'static str),
    #[error("the address in GCE_METADATA_HOST is none of this machine")]
    MetadataAddress,
    /// This is no machine of Google, or NO_GCE_CHECK says so.
    #[error("no credentials for Google were found: no file, and no metadata server of Google")]
    Nowhere(#[source] Option<cloud::Error>),
    /// Of another issuer.
    #[error("cannot read the token in {path}, which Google's credentials name")]
    SubjectFile { path: PathBuf, source: input::Error },
    #[error("{0} gives nothing that Google's credentials take for a token")]
    Subject(String),
}

/// Quotes nothing secret.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    #[error("the file cannot be read")]
    Read(#[from] input::Error),
    #[error("it is not JSON")]
    Json,
    #[error("it has no {0}")]
    Missing(&'static str),
    #[error("ksm does not know the type `{0}`")]
    Type(Text),
    /// It would name files and services of this machine, and whoever edits the record chooses them.
    #[error("a record may hold a key of a service account or a user's credentials, and no `{0}`")]
    InRecord(Text),
    #[error("its private_key is no RSA key of 2048 bits or more")]
    Key,
    /// Whoever answers there gets a credential.
    #[error("its {member} names {host}, which is none of Google's hosts for that")]
    Host { member: &'static str, host: String },
    #[error("its credential_source is {0}, which ksm does not use")]
    Source(&'static str),
    #[error("its {0} is neither https nor on this machine")]
    Plaintext(&'static str),
    #[error("its universe_domain is `{0}`, and ksm knows googleapis.com only")]
    Universe(Text),
    #[error("its {0} holds something that no header can")]
    Header(&'static str),
}
