//! The exit codes and hints for errors of `sync`.

use ksm::sync::Error;
use ksm::sync::destination::CallErrorKind;

use super::{Class, Classify, Code};

impl Classify for Error {
    fn class(&self) -> Class {
        match self {
            Self::Labels(_) => Code::Local.hint("the labels count in this spelling and case"),
            Self::Http(error) => error.class(),
            Self::Aws(error) => error.class(),
            Self::Azure(error) => error.class(),
            Self::Store(error) => match error.kind {
                CallErrorKind::Throttled { .. } => Code::Refused.hint("try again in a while"),
                CallErrorKind::Unreachable | CallErrorKind::Lost => Code::Unreachable.into(),
                CallErrorKind::Identity => Code::Local.hint("check the credentials of the store"),
                CallErrorKind::Changed | CallErrorKind::Refused => Code::Failed.into(),
            },
        }
    }
}
