//! The exit codes and hints for failures of `kubectl`.

use ksm::kubernetes::{Error, RefusalKind};

use super::{Class, Classify, Code};

impl Classify for Error {
    fn class(&self) -> Class {
        let refusal = match self {
            Self::Missing => {
                return Code::Local
                    .hint("install kubectl 1.21 or newer, and name its directory in PATH");
            }
            Self::Start(_) => return Code::Local.into(),
            Self::Deadline => return Code::Unreachable.hint(REACHABLE),
            Self::Answer(_) | Self::NoSecret => {
                return Code::Unreachable.hint("check that the kubectl in PATH is the real one");
            }
            Self::Refusal(refusal) => refusal,
        };
        match refusal.kind {
            RefusalKind::Conflict => Code::Refused.hint("whoever has the entry has to give it up"),
            RefusalKind::Changed => Code::Refused.hint("run the sync again"),
            RefusalKind::Forbidden => Code::Refused.hint(
                "the identity needs the verbs get, create and patch for secrets in this namespace",
            ),
            RefusalKind::Namespace => {
                Code::Missing.hint("check `--namespace`; `kubectl create namespace` makes one")
            }
            RefusalKind::Unauthorized => Code::Local
                .hint("sign in to the cluster again, so that `kubectl get secrets` works"),
            RefusalKind::Configuration => {
                Code::Local.hint("check KUBECONFIG and `kubectl config get-contexts`")
            }
            RefusalKind::Throttled => Code::Refused.hint("try again in a while"),
            RefusalKind::Network | RefusalKind::Server => Code::Unreachable.hint(REACHABLE),
            RefusalKind::Old => Code::Local.hint("use kubectl 1.21 or newer"),
            RefusalKind::Other => Code::Failed.into(),
        }
    }
}

const REACHABLE: &str = "check that `kubectl version` reaches the cluster";
