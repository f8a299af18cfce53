//! Refusals, in the words of a service.

use std::fmt;

use super::Cloud;
use crate::foreign::Text;

/// Completes "refuses".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    verb: &'static str,
    secret: Option<Text>,
}

impl Operation {
    /// `to give a token`, or the name of a call: `GetSecretValue`.
    pub(crate) const fn new(verb: &'static str) -> Self {
        Self { verb, secret: None }
    }

    /// `to read`, and the name of the secret.
    pub(crate) fn on(verb: &'static str, secret: &str) -> Self {
        Self {
            verb,
            secret: Some(secret.into()),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.secret {
            Some(secret) => write!(f, "{} the secret `{secret}`", self.verb),
            None => f.write_str(self.verb),
        }
    }
}

/// An answer of a service that says no, as it is read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) code: String,
    pub(crate) message: String,
    /// `None` where the service takes no more calls for now.
    pub(crate) kind: Option<RejectionKind>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub cloud: Cloud,
    pub operation: Operation,
    pub code: Text,
    /// Names identities and secrets, and holds no value of one.
    pub message: Text,
    pub kind: RejectionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectionKind {
    NotFound,
    Exists,
    /// The secret is deleted and can be recovered; its name is taken.
    Deleted,
    /// The secret is on its way between being there and being deleted.
    Settling,
    /// The secret is there, and has no value, or one that is switched off.
    Unreadable,
    /// The secret is in a state that does not allow the call, such as deleted; which one is not said.
    State,
    /// The key that the secret is encrypted with cannot be used.
    Key,
    /// The identity is known, and not allowed to.
    Denied,
    /// The service does not take requests from this network.
    Network,
    /// The identity is not known, or does not prove itself.
    Identity,
    /// Temporary credentials have ended.
    Expired,
    /// The machine has no identity.
    Machine,
    /// The clocks differ.
    Clock,
    /// The service is not switched on in the project.
    SwitchedOff,
    Other,
}

impl Rejection {
    pub(super) fn new(cloud: Cloud, operation: Operation, told: Told, kind: RejectionKind) -> Self {
        // A message of several lines has the reason in the first.
        let reason = told.message.lines().next().unwrap_or_default();
        Self {
            cloud,
            operation,
            code: told.code.into(),
            message: reason.trim_end_matches(['.', ' ']).into(),
            kind,
        }
    }
}

impl Rejection {
    pub fn cure(&self) -> Option<&'static str> {
        use Cloud::{Aws, Azure, Google};
        use RejectionKind as Kind;
        Some(match (self.kind, self.cloud) {
            (Kind::NotFound, Aws) => "check the name, the region and the account",
            (Kind::Denied, Aws) => {
                "the identity needs GetSecretValue to read, PutSecretValue, UpdateSecret and CreateSecret to write, and \
                 DescribeSecret, DeleteSecret and RestoreSecret to sync"
            }
            (Kind::Identity, Aws) => "check the access key and its secret",
            (Kind::Expired, _) => "these are temporary credentials; get new ones",
            (Kind::Key, _) => {
                "the permission to use the KMS key is missing, or the key is disabled"
            }
            (Kind::Unreadable, Aws) => {
                "`ksm profile push NAME --secret SECRET` writes a profile into it"
            }
            (Kind::NotFound, Azure) => "check the name of the secret and of the vault",
            (Kind::NotFound, Google) => "check the name of the secret and of the project",
            (Kind::Denied, Azure) => {
                "the identity needs the role Key Vault Secrets Officer, or the permissions get, set, delete and recover"
            }
            (Kind::Denied, Google) => {
                "the identity needs the role Secret Manager Admin, or the permissions versions.access, versions.add, \
                 secrets.get, secrets.create and secrets.delete"
            }
            (Kind::Network, _) => "the firewall of the vault has to let this machine in",
            (Kind::Identity, Azure) => {
                "check the tenant, the client id and its secret, which may have expired"
            }
            (Kind::Identity, Google) => {
                "check the credentials; a key may have been deleted, a user's sign-in have ended"
            }
            (Kind::Machine, _) => {
                "give this machine an identity, or name a record with `--credentials`"
            }
            (Kind::Clock, _) => "set this machine's clock",
            (Kind::SwitchedOff, _) => {
                "switch the Secret Manager API on: `gcloud services enable secretmanager.googleapis.com`"
            }
            // A run sees such a secret where it may look for it.
            (Kind::Deleted, _) => {
                "the identity may not recover deleted secrets; let it, or purge this one"
            }
            (Kind::Exists, Aws) => return None,
            (Kind::Settling | Kind::Exists, _) => "run the sync again",
            (Kind::Unreadable | Kind::State | Kind::Other, _) => return None,
        })
    }
}

impl std::error::Error for Rejection {}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cloud,
            operation,
            code,
            message,
            ..
        } = self;
        write!(f, "{cloud} refuses {operation}: {code}")?;
        match message.is_empty() {
            true => Ok(()),
            false => write!(f, ", {message}"),
        }
    }
}
