//! The exit codes and hints for refusals of Azure and Google, as for those of AWS.

use ksm::cloud::{Cloud, Error, Rejection, RejectionKind};

use super::{Class, Classify, Code};

const TRY_LATER: &str = "try again in a while";

impl Classify for Error {
    fn class(&self) -> Class {
        match self {
            Self::Http(error) => error.class(),
            Self::Crypto(error) => error.class(),
            Self::Clock(error) => error.class(),
            Self::Server { .. } | Self::Deadline { .. } => Code::Unreachable.hint(TRY_LATER),
            Self::Throttled { .. } => Code::Refused.hint(TRY_LATER),
            Self::Damaged { .. } => Code::Unreachable.hint(TRY_LATER),
            Self::Unexpected { .. } => {
                Code::Unreachable.hint("check whether a proxy answers in its place")
            }
            Self::Rejected(rejection) => Code::Local.hint_if(cure(rejection)),
        }
    }
}

fn cure(rejection: &Rejection) -> Option<&'static str> {
    use Cloud::{Azure, Google};
    Some(match (rejection.kind, rejection.cloud) {
        (RejectionKind::NotFound, Azure) => "check the name of the secret and of the vault",
        (RejectionKind::NotFound, Google) => "check the name of the secret and of the project",
        (RejectionKind::Denied, Azure) => {
            "the identity needs the role Key Vault Secrets Officer, or the permissions get, set, delete and recover"
        }
        (RejectionKind::Denied, Google) => {
            "the identity needs the role Secret Manager Admin, or the permissions versions.access, versions.add, \
             secrets.get, secrets.create and secrets.delete"
        }
        (RejectionKind::Network, _) => "the firewall of the vault has to let this machine in",
        (RejectionKind::Identity, Azure) => {
            "check the tenant, the client id and its secret, which may have expired"
        }
        (RejectionKind::Identity, Google) => {
            "check the credentials; a key may have been deleted, a user's sign-in have ended"
        }
        (RejectionKind::Clock, _) => "set this machine's clock",
        (RejectionKind::SwitchedOff, _) => {
            "switch the Secret Manager API on: `gcloud services enable secretmanager.googleapis.com`"
        }
        (RejectionKind::Deleted | RejectionKind::Settling | RejectionKind::Exists, _) => {
            "run the sync again"
        }
        (RejectionKind::Unreadable | RejectionKind::Other, _) => return None,
    })
}
