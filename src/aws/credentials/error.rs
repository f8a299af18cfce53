//! Why there are no credentials. No key is quoted.

use std::path::PathBuf;

use crate::input;

/// What is missing or wrong, by its place.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No profile of this name in either file.
    #[error("there is no profile `{0}` in AWS's shared configuration")]
    NoProfile(String),
    /// A profile that lacks what belongs to the rest of it.
    #[error("the AWS profile `{profile}` has no {key}")]
    Incomplete {
        /// The profile.
        profile: String,
        /// What it lacks.
        key: &'static str,
    },
    /// A profile without anything that gives credentials.
    #[error("the AWS profile `{0}` names no credentials")]
    Bare(String),
    /// A role that wants a code from a person.
    #[error(
        "the AWS profile `{0}` wants a code of a second factor (mfa_serial), which ksm does not ask for"
    )]
    Mfa(String),
    /// A browser's business.
    #[error(
        "the AWS profile `{0}` signs in with a browser (IAM Identity Center), which ksm does not do"
    )]
    SignIn(String),
    /// A way that AWS does not have either.
    #[error("the AWS profile `{profile}` has the credential_source `{source_name}`, which is none")]
    Source {
        /// The profile.
        profile: String,
        /// What it names.
        source_name: String,
    },
    /// Profiles that name each other.
    #[error("the AWS profile `{0}` is its own source_profile in the end")]
    Circle(String),
    /// Half a pair in the environment.
    #[error("{set} is set and {missing} is not")]
    HalfSet {
        /// What is there.
        set: &'static str,
        /// What is not.
        missing: &'static str,
    },
    /// Nothing anywhere.
    #[error("there are no AWS credentials; these places were looked at, in order: {0}")]
    Nowhere(&'static str),
    /// A file with a token cannot be read.
    #[error("cannot read the token in {path}")]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: input::Error,
    },
    /// The container's address is not one that may be asked.
    #[error("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor an address of this machine")]
    ContainerAddress,
    /// A token that no header can carry.
    #[error("the token for the container's credentials has line breaks in it")]
    ContainerToken,
    /// The container's service says no.
    #[error("the container's credentials are refused with status {0}")]
    Container(u16),
    /// The program of `credential_process` did not do its part. Its own words went to stderr.
    #[error("the program of credential_process {0}")]
    Process(String),
    /// What came is no set of credentials.
    #[error("{0} gives something that is no set of AWS credentials")]
    Document(&'static str),
}
