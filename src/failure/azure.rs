//! The exit codes and hints for errors of Azure.

use ksm::azure::OwnError;
use ksm::input;

use super::{Class, Classify, Code};

impl Classify for OwnError {
    fn class(&self) -> Class {
        let hint = match self {
            Self::Nowhere(_) => {
                "name a record with `-c RECORD`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
            }
            Self::NoVault => "name a record with `-c RECORD`, or set AZURE_KEYVAULT_NAME",
            Self::ForeignVault(_) => {
                "AZURE_KEYVAULT_URL with the same address says that this vault is meant"
            }
            Self::HalfSet { .. } => "set both or none",
            Self::Certificate { .. } => {
                "the file holds both in PEM: `openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem` makes it of others"
            }
            // A file of another form is no text.
            Self::CertificateFile {
                source: input::Error::NotText,
                ..
            } => {
                "the file holds certificate and key in PEM: `openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem` makes it"
            }
            Self::Endpoint(_) => "name a record with `--credentials`",
            Self::Tenant(_)
            | Self::TokenFile { .. }
            | Self::CertificateFile { .. }
            | Self::Address(_)
            | Self::NotLocal(_)
            | Self::Header
            | Self::VaultName(_)
            | Self::VaultAddress(_) => return Code::Local.into(),
        };
        Code::Local.hint(hint)
    }
}
