//! The exit codes and hints for errors of `sync`.

use ksm::aws::{self, CredentialsError, OwnError};
use ksm::kubernetes;
use ksm::sync::destination::CallErrorKind;
use ksm::sync::{Error, source};
use ksm::vault::Kind;

use super::{Class, Classify, Code};

const NOTHING: &str = "nothing was written or deleted";
const UNTITLED: &str = "nothing was written or deleted; if the record is gone, `--delete-missing` deletes its secret and \
                        `-p` keeps it; a record named by its UID needs neither";

impl Classify for Error {
    fn class(&self) -> Class {
        match self {
            Self::Labels(_) => Code::Local.hint("the labels count in this spelling and case"),
            Self::Http(error) => error.class(),
            Self::Aws(aws::Error::Own(OwnError::NoRegion)) => {
                Code::Local.hint("name a record with `-c RECORD`, or set AWS_REGION")
            }
            Self::Aws(aws::Error::Own(OwnError::Credentials(CredentialsError::NowhereAtAll(..)))) => Code::Local.hint(
                "name a record with `-c RECORD`, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION",
            ),
            Self::Aws(error) => error.class(),
            Self::Azure(error) => error.class(),
            Self::Google(error) => error.class(),
            Self::Kubernetes(error) => error.class(),
            Self::Store(error)
                if let Some(error) = error.source.downcast_ref::<kubernetes::Error>() =>
            {
                error.class()
            }
            Self::Store(error) => match error.kind {
                CallErrorKind::Throttled { .. } => Code::Refused.hint("try again in a while"),
                CallErrorKind::Unreachable | CallErrorKind::Lost => Code::Unreachable.into(),
                CallErrorKind::Identity => Code::Local.hint("check the credentials of the store"),
                CallErrorKind::Changed | CallErrorKind::Refused => Code::Failed.into(),
            },
        }
    }
}

impl Classify for source::Error {
    fn class(&self) -> Class {
        match self {
            Self::Vault(error) => error.class(),
            Self::Unresolved(unresolved) => match unresolved.kind {
                Kind::Missing if unresolved.is_untitled => Code::Missing.hint(UNTITLED),
                Kind::Missing => Code::Missing.hint(NOTHING),
                Kind::Ambiguous => Code::Missing
                    .hint("nothing was written or deleted; UIDs tell things of one name apart"),
                Kind::Damaged => Code::Failed.hint(NOTHING),
            },
        }
    }

    fn lines(&self) -> Vec<String> {
        match self {
            Self::Vault(error) => error.lines(),
            Self::Unresolved(unresolved) => unresolved.lines.clone(),
        }
    }
}
