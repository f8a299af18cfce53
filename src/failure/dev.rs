//! The exit codes and hints for errors of the development vault.

use ksm::dev::{self, bind, seed};

use super::{Class, Classify, Code, Failure};

impl Classify for dev::Error {
    fn class(&self) -> Class {
        match self {
            Self::NotLoopback(_) => Code::Usage.hint(
                "the development vault serves this machine only: 127.0.0.1:PORT or [::1]:PORT",
            ),
            Self::Listen { .. } => Code::Local.hint("port 0 takes any free port"),
            Self::Thread(_) => Code::Failed
                .hint("`ulimit -u` tells how many processes and threads this user may have"),
            Self::Clock(error) => error.class(),
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

impl From<bind::Error> for Failure {
    fn from(error: bind::Error) -> Self {
        match error {
            bind::Error::Http(error) => error.into(),
            bind::Error::Redeem(error) => (*error).into(),
        }
    }
}
