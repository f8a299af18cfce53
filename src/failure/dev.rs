//! The exit codes and hints for errors of the development vault.

use ksm::dev::{self, enroll, seed};

use super::{Class, Classify, Code, Failure};

impl Classify for dev::Error {
    fn class(&self) -> Class {
        match self {
            Self::NotLoopback(_) => Code::Usage.hint(
                "the development vault serves this machine only: 127.0.0.1:PORT or [::1]:PORT",
            ),
            Self::Listen { .. } => Code::Local.hint("port 0 takes any free port"),
            Self::Tls(_) | Self::Crypto(_) => Code::Failed.into(),
        }
    }
}

impl Classify for seed::Error {
    fn class(&self) -> Class {
        match self {
            Self::Malformed(_) | Self::Twice(_) => Code::Local.into(),
        }
    }
}

impl From<enroll::Error> for Failure {
    fn from(error: enroll::Error) -> Self {
        match error {
            enroll::Error::Http(error) => error.into(),
            enroll::Error::Enroll(error) => error.into(),
        }
    }
}
