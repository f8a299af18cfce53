//! Failures of the calls of a cloud, for the engine.

use super::destination::{CallError, CallErrorKind};
use crate::cloud::{self, RejectionKind, ServiceError};
use crate::error_chain;

pub(super) fn failed<T>(error: ServiceError<T>) -> CallError
where
    T: std::error::Error + Send + Sync + 'static,
{
    // Without a call, the identity has no token.
    let kind = error.call().map_or(CallErrorKind::Identity, kind_of);
    let cure = match error.call() {
        Some(cloud::Error::Rejected(rejection)) => rejection.cure(),
        _ => None,
    };
    match cure {
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
            Kind::NotFound | Kind::Exists | Kind::Deleted | Kind::State | Kind::Unreadable => {
                CallErrorKind::Changed
            }
            Kind::Identity | Kind::Expired | Kind::Machine | Kind::Clock => CallErrorKind::Identity,
            Kind::Denied | Kind::Key | Kind::Network | Kind::SwitchedOff | Kind::Other => {
                CallErrorKind::Refused
            }
        },
        error if error.may_have_acted() => CallErrorKind::Lost,
        // Somebody else answered.
        cloud::Error::Http(_) | cloud::Error::Unexpected { .. } => CallErrorKind::Unreachable,
        _ => CallErrorKind::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::{Cloud, Error as E};
    use crate::http;

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
                E::Unconfirmed {
                    cloud: Cloud::Aws,
                    host: host(),
                },
                CallErrorKind::Lost,
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
