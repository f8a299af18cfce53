//! Credentials that are not there, or do not serve.

use std::path::PathBuf;

use super::MetadataError;
use crate::foreign::Text;
use crate::{input, limits};

/// Quotes no key.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    #[error("there is no profile `{0}` in AWS's shared configuration")]
    NoProfile(Text),
    #[error("the AWS profile `{profile}` has no {key}")]
    Incomplete { profile: Text, key: &'static str },
    #[error("the AWS profile `{0}` names no credentials")]
    Bare(Text),
    #[error(
        "the AWS profile `{0}` wants a code of a second factor (mfa_serial), which ksm does not ask for"
    )]
    Mfa(Text),
    #[error(
        "the AWS profile `{0}` signs in with a browser (IAM Identity Center), which ksm does not do"
    )]
    SignIn(Text),
    #[error("the AWS profile `{profile}` has the credential_source `{source_name}`, which is none")]
    Source { profile: Text, source_name: Text },
    #[error("the AWS profile `{0}` is its own source_profile in the end")]
    Circle(Text),
    #[error(
        "the AWS profile `{profile}` takes more than {} roles one after the other",
        limits::AWS_ROLES
    )]
    Roles { profile: Text },
    #[error("{set} is set and {missing} is not")]
    HalfSet {
        set: &'static str,
        missing: &'static str,
    },
    #[error("there are no AWS credentials; these places were looked at, in order: {0}")]
    Nowhere(&'static str),
    /// The instance is the last of the places.
    #[error(
        "there are no AWS credentials; these places were looked at, in order: {0}, the metadata service of an instance"
    )]
    NowhereAtAll(&'static str, #[source] MetadataError),
    #[error("cannot read the token in {path}")]
    TokenFile { path: PathBuf, source: input::Error },
    #[error("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor an address of this machine")]
    ContainerAddress,
    #[error("the token for the container's credentials has line breaks in it")]
    ContainerToken,
    #[error("the container's credentials are refused with status {0}")]
    Container(u16),
    #[error("the program of credential_process {0}")]
    Process(String),
    #[error("{0} gives something that is no set of AWS credentials")]
    Document(&'static str),
}
