//! Failures of Azure.

use std::path::PathBuf;

use crate::cloud::{self, ServiceError};
use crate::foreign::Text;
use crate::input;

pub type Error = ServiceError<OwnError>;

impl From<OwnError> for Error {
    fn from(error: OwnError) -> Self {
        Self::Own(error)
    }
}

/// Credentials and vaults that are not there, or do not serve. Quotes no secret.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    #[error("the tenant `{0}` of Azure is neither an id nor a domain")]
    Tenant(Text),
    #[error("{set} is set and {missing} is not")]
    HalfSet {
        set: &'static str,
        missing: &'static str,
    },
    #[error("cannot read the certificate in {path}, which AZURE_CLIENT_CERTIFICATE_PATH names")]
    CertificateFile { path: PathBuf, source: input::Error },
    #[error("{path}, which AZURE_CLIENT_CERTIFICATE_PATH names, has no {lack}")]
    Certificate { path: PathBuf, lack: &'static str },
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
    #[error("nothing names the Azure key vault")]
    NoVault,
    #[error("`{0}` is no name of an Azure key vault: 3 to 24 letters, digits and dashes")]
    VaultName(Text),
    #[error("`{0}` is no address of an Azure key vault, such as https://NAME.vault.azure.net")]
    VaultAddress(Text),
    #[error("the key vault at {0} is in none of Azure's clouds that ksm knows")]
    ForeignVault(Text),
}
