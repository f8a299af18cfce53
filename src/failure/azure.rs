//! The exit codes and hints for errors of Azure.

use ksm::azure::{CredentialsError, Error, VaultError};

use super::{Class, Classify, Code};

impl Classify for Error {
    fn class(&self) -> Class {
        match self {
            Self::Call(error) => error.class(),
            Self::Credentials(error) => error.class(),
            Self::Vault(error) => error.class(),
        }
    }
}

impl Classify for CredentialsError {
    fn class(&self) -> Class {
        let hint = match self {
            Self::Nowhere(_) => {
                "name a record with `-c RECORD`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
            }
            Self::HalfSet { .. } => "set both or none",
            Self::Certificate => "set AZURE_CLIENT_SECRET, or AZURE_FEDERATED_TOKEN_FILE",
            Self::Endpoint(_) => "name a record with `--credentials`",
            Self::Tenant(_)
            | Self::TokenFile { .. }
            | Self::Address(_)
            | Self::NotLocal(_)
            | Self::Header => return Code::Local.into(),
        };
        Code::Local.hint(hint)
    }
}

impl Classify for VaultError {
    fn class(&self) -> Class {
        match self {
            Self::Unnamed => {
                Code::Local.hint("name a record with `-c RECORD`, or set AZURE_KEYVAULT_NAME")
            }
            Self::Foreign(_) => Code::Local
                .hint("AZURE_KEYVAULT_URL with the same address says that this vault is meant"),
            Self::Name(_) | Self::Address(_) | Self::Plaintext => Code::Local.into(),
        }
    }
}
