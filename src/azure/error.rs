//! Failures of Azure.

use std::path::PathBuf;

use crate::cloud::RejectionKind;
use crate::foreign::Text;
use crate::{cloud, crypto, http, input};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Call(#[from] cloud::Error),
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl Error {
    pub fn rejection(&self) -> Option<RejectionKind> {
        match self {
            Self::Call(error) => error.rejection(),
            Self::Credentials(_) | Self::Vault(_) => None,
        }
    }
}

impl From<http::Error> for Error {
    fn from(error: http::Error) -> Self {
        Self::Call(error.into())
    }
}

impl From<crypto::Error> for Error {
    fn from(error: crypto::Error) -> Self {
        Self::Call(error.into())
    }
}

/// Credentials that are not there, or do not serve. Quotes no secret.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    #[error("the tenant `{0}` of Azure is neither an id nor a domain")]
    Tenant(Text),
    #[error("{set} is set and {missing} is not")]
    HalfSet {
        set: &'static str,
        missing: &'static str,
    },
    #[error("AZURE_CLIENT_CERTIFICATE_PATH names a certificate, by which ksm does not sign in")]
    Certificate,
    #[error("cannot read the token in {path}, which AZURE_FEDERATED_TOKEN_FILE names")]
    TokenFile { path: PathBuf, source: input::Error },
    #[error("the address in {0} is neither https nor on this machine")]
    Address(&'static str),
    #[error("the address in {0} is no http address of this machine")]
    NotLocal(&'static str),
    #[error("IDENTITY_ENDPOINT is that of {0}, which ksm does not ask")]
    Endpoint(&'static str),
    #[error("IDENTITY_HEADER holds something that no header can")]
    Header,
    /// This is no machine of Azure, or a container that its metadata does not reach.
    #[error("no credentials for Azure were found: no variables, and no metadata service of Azure")]
    Nowhere(#[source] cloud::Error),
}

/// A vault that is not named, or not so that ksm may ask it.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("nothing names the Azure key vault")]
    Unnamed,
    #[error("`{0}` is no name of an Azure key vault: 3 to 24 letters, digits and dashes")]
    Name(Text),
    #[error("`{0}` is no address of an Azure key vault, such as https://NAME.vault.azure.net")]
    Address(Text),
    #[error("the key vault at {0} is in none of Azure's clouds that ksm knows")]
    Foreign(Text),
    #[error("the address in AZURE_KEYVAULT_URL is neither https nor on this machine")]
    Plaintext,
}
