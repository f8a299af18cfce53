//! Who asks Google.

use std::fmt;
use std::path::PathBuf;

use super::metadata::MetadataServer;
use crate::crypto::rsa::RsaKey;
use crate::foreign::Text;
use crate::sensitive::Sensitive;

#[derive(Debug, Clone)]
pub struct GoogleIdentity {
    pub(super) source: Source,
    /// The address that gives tokens of a service account to the source.
    pub(super) impersonation: Option<Impersonation>,
    /// Is charged for the calls of a user.
    pub(super) quota_project: Option<String>,
    /// The project of the service account.
    pub(super) project: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) enum Source {
    ServiceAccount(ServiceAccount),
    User(User),
    Workload(Workload),
    Machine(MetadataServer),
}

#[derive(Debug, Clone)]
pub(super) struct ServiceAccount {
    pub(super) email: String,
    pub(super) key: RsaKey,
    pub(super) key_id: Option<String>,
    pub(super) token_url: String,
}

/// Who signed in with `gcloud auth application-default login`.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) client_id: String,
    pub(super) client_secret: Sensitive<String>,
    pub(super) refresh_token: Sensitive<String>,
    pub(super) token_url: String,
}

/// An identity of another issuer (workload identity federation).
#[derive(Debug, Clone)]
pub(super) struct Workload {
    pub(super) audience: String,
    pub(super) subject_type: String,
    pub(super) subject: Subject,
    /// The member with the token, where the source gives JSON.
    pub(super) member: Option<String>,
    pub(super) exchange_url: String,
}

/// Where the token of the other issuer is.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    File(PathBuf),
    Url {
        url: String,
        headers: Vec<(String, Sensitive<String>)>,
    },
}

#[derive(Debug, Clone)]
pub(super) struct Impersonation {
    pub(super) url: String,
    pub(super) delegates: Vec<String>,
}

impl GoogleIdentity {
    pub fn quota_project(&self) -> Option<&str> {
        self.quota_project.as_deref()
    }
}

/// For the log.
impl fmt::Display for GoogleIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::ServiceAccount(account) => {
                write!(f, "the service account {}", Text::from(&account.email))?;
            }
            Source::User(_) => f.write_str("the user who signed in with gcloud")?,
            Source::Workload(workload) => {
                let audience = Text::from(&workload.audience);
                write!(f, "the workload identity for {audience}")?;
            }
            Source::Machine(_) => f.write_str("the service account of this machine")?,
        }
        let Some(impersonation) = &self.impersonation else {
            return Ok(());
        };
        let path = impersonation.url.rsplit('/').next().unwrap_or_default();
        let account = path.split(':').next().unwrap_or_default();
        write!(f, " as {}", Text::from(account))
    }
}
