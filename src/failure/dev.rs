//! The exit codes and hints for errors of the development vault.

use ksm::dev::{self, enroll, seed};

use super::{Code, Failure};

impl From<dev::Error> for Failure {
    fn from(error: dev::Error) -> Self {
        use dev::Error as E;
        match error {
            E::NotLoopback(_) => Self::usage(error).hint(
                "the development vault serves this machine only: 127.0.0.1:PORT or [::1]:PORT",
            ),
            E::Listen { .. } => Self::new(Code::Local, error).hint("port 0 takes any free port"),
            E::Tls(_) | E::Crypto(_) => Self::new(Code::Failed, error),
        }
    }
}

impl From<seed::Error> for Failure {
    fn from(error: seed::Error) -> Self {
        use seed::Error as E;
        match error {
            E::Malformed(_) | E::Twice(_) => Self::new(Code::Local, error),
        }
    }
}

impl From<enroll::Error> for Failure {
    fn from(error: enroll::Error) -> Self {
        use enroll::Error as E;
        match error {
            E::Http(error) => error.into(),
            E::Enroll(error) => error.into(),
        }
    }
}
