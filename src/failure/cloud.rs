//! The exit codes and hints for refusals of Azure and Google, as for those of AWS.

use ksm::cloud::Error;

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
            Self::Rejected(rejection) => Code::Local.hint_if(rejection.cure()),
        }
    }
}
