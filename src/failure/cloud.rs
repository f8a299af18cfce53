//! The exit codes and hints for calls of AWS, Azure and Google.

use ksm::cloud::{Cloud, Error, ServiceError};

use super::{Class, Classify, Code};

const TRY_LATER: &str = "try again in a while";

impl<T: Classify> Classify for ServiceError<T> {
    fn class(&self) -> Class {
        match self {
            Self::Call(error) => error.class(),
            Self::Own(error) => error.class(),
        }
    }
}

impl Classify for Error {
    fn class(&self) -> Class {
        match self {
            Self::Http(error) => error.class(),
            Self::Crypto(error) => error.class(),
            Self::Clock(error) => error.class(),
            Self::Server { .. } | Self::Deadline { .. } | Self::Unconfirmed { .. } => {
                Code::Unreachable.hint(TRY_LATER)
            }
            Self::Throttled { .. } => Code::Refused.hint(TRY_LATER),
            Self::Damaged { .. } => Code::Unreachable.hint(TRY_LATER),
            Self::Unexpected {
                cloud: Cloud::Aws, ..
            } => {
                Code::Unreachable.hint("check the region, and whether a proxy answers in its place")
            }
            Self::Unexpected { .. } => {
                Code::Unreachable.hint("check whether a proxy answers in its place")
            }
            Self::Rejected(rejection) => Code::Local.hint_if(rejection.cure()),
        }
    }
}
