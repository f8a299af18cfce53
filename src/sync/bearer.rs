//! Failures of the calls of Azure and Google, for the engine.

use super::destination::{CallError, CallErrorKind};
use crate::cloud::{self, RejectionKind};
use crate::{error_chain, http};

/// An error of a room whose calls are those of [`cloud`].
pub(super) trait Failed: std::error::Error + Send + Sync + 'static {
    /// `None` where the identity has no token.
    fn call(&self) -> Option<&cloud::Error>;

    /// For what has another cure than the call.
    fn own_cure(&self) -> Option<&'static str> {
        None
    }

    fn cure(&self) -> Option<&'static str> {
        match self.call() {
            Some(cloud::Error::Rejected(rejection)) => rejection.cure(),
            _ => self.own_cure(),
        }
    }
}

pub(super) fn failed(error: impl Failed) -> CallError {
    let kind = error.call().map_or(CallErrorKind::Identity, kind_of);
    match error.cure() {
        Some(cure) => CallError::new(kind, format!("{}; {cure}", error_chain::joined(&error))),
        None => CallError::new(kind, error),
    }
}

fn kind_of(error: &cloud::Error) -> CallErrorKind {
    use RejectionKind as Kind;
    match error {
        cloud::Error::Throttled { retry_after, .. } => CallErrorKind::Throttled {
            retry_after: *retry_after,
        },
        cloud::Error::Rejected(rejection) => match rejection.kind {
            // It settles in seconds, and tells nobody when.
            Kind::Settling => CallErrorKind::Throttled { retry_after: None },
            Kind::NotFound | Kind::Exists | Kind::Deleted | Kind::Unreadable => {
                CallErrorKind::Changed
            }
            Kind::Identity | Kind::Machine | Kind::Clock => CallErrorKind::Identity,
            Kind::Denied | Kind::Network | Kind::SwitchedOff | Kind::Other => {
                CallErrorKind::Refused
            }
        },
        error if error.may_have_acted() => CallErrorKind::Lost,
        // Somebody else answered.
        cloud::Error::Http(_) | cloud::Error::Unexpected { .. } => CallErrorKind::Unreachable,
        _ => CallErrorKind::Refused,
    }
}

impl Failed for crate::azure::Error {
    fn call(&self) -> Option<&cloud::Error> {
        match self {
            Self::Call(error) => Some(error),
            Self::Credentials(_) | Self::Vault(_) => None,
        }
    }

    fn own_cure(&self) -> Option<&'static str> {
        let is_unknown = matches!(
            self.call(),
            Some(cloud::Error::Http(http::Error::Lookup { .. }))
        );
        is_unknown.then_some("check the name of the key vault")
    }
}

impl Failed for crate::google::Error {
    fn call(&self) -> Option<&cloud::Error> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{Cloud, Error as E};

    #[test]
    fn an_error_says_what_the_engine_may_do() {
        let host = || "h".to_owned();
        let unreachable = http::Error::Connect {
            host: host(),
            proxy: None,
            reason: "refused".into(),
        };
        let silent = http::Error::Silence { host: host() };
        let retry_after = Some(7.0);
        for (error, expected) in [
            (
                E::Throttled {
                    host: host(),
                    retry_after,
                },
                CallErrorKind::Throttled { retry_after },
            ),
            (
                E::Server {
                    host: host(),
                    status: 500,
                },
                CallErrorKind::Lost,
            ),
            (E::Deadline { host: host() }, CallErrorKind::Lost),
            (E::Http(silent), CallErrorKind::Lost),
            (E::Http(unreachable), CallErrorKind::Unreachable),
            (
                E::Unexpected {
                    cloud: Cloud::Azure,
                    host: host(),
                },
                CallErrorKind::Unreachable,
            ),
            (
                E::Damaged {
                    cloud: Cloud::Google,
                    secret: "x".into(),
                },
                CallErrorKind::Refused,
            ),
        ] {
            assert_eq!(kind_of(&error), expected, "{error}");
        }
    }
}
