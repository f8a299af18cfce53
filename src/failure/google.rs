//! The exit codes and hints for errors of Google.

use ksm::google::{CredentialsError, OwnError};

use super::{Class, Classify, Code};

impl Classify for OwnError {
    fn class(&self) -> Class {
        let hint = match self {
            Self::Credentials { source, .. } => return source.class(),
            Self::NoProject => "name a record with `-c RECORD`, or set GOOGLE_CLOUD_PROJECT",
            Self::Nowhere(_) => {
                "name a record with `-c RECORD`, or a file in GOOGLE_APPLICATION_CREDENTIALS; `gcloud auth application-default \
                 login` makes one"
            }
            Self::Project(_) => "`gcloud projects list` shows the projects there are",
            Self::Address(_)
            | Self::MetadataAddress
            | Self::SubjectFile { .. }
            | Self::Subject(_) => return Code::Local.into(),
        };
        Code::Local.hint(hint)
    }
}

impl Classify for CredentialsError {
    fn class(&self) -> Class {
        let hint = match self {
            Self::Missing(_) | Self::Json | Self::Key => {
                "download the key anew: `gcloud iam service-accounts keys create FILE --iam-account EMAIL`"
            }
            Self::Type(_) => {
                "ksm knows service_account, authorized_user, external_account and impersonated_service_account"
            }
            Self::InRecord(_) => {
                "keep it in a file of this machine, which GOOGLE_APPLICATION_CREDENTIALS names"
            }
            Self::Source(_) => "a credential_source may name a file or a url",
            Self::Host { .. } => "take the file only from somebody you trust",
            Self::Read(_) | Self::Plaintext(_) | Self::Universe(_) | Self::Header(_) => {
                return Code::Local.into();
            }
        };
        Code::Local.hint(hint)
    }
}
