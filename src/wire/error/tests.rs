//! What a failed request says, and whether the server may have acted.

use super::*;
use crate::test_table::cases;

#[test]
fn patience_is_told_in_waits_and_seconds() {
    let table = "
        0 0 => without waiting
        1 11000 => after 1 wait of 11 s
        2 33100 => after 2 waits of 34 s in all
    ";
    for (given, expected) in cases(table) {
        let (waits, waited) = given.split_once(' ').unwrap();
        let waited = Duration::from_millis(waited.parse().unwrap());
        assert_eq!(
            patience(waits.parse().unwrap(), waited),
            expected,
            "{given}"
        );
    }
}

#[test]
fn a_refusal_is_told_by_its_first_text() {
    let table = "
        a|one|two => a, message=one
        a||two => a, message=two
        a|| => a, message=NA
        || => NA, message=NA
    ";
    for (given, expected) in cases(table) {
        let texts: Vec<_> = given.split('|').collect();
        let refusal = Refusal {
            code: texts[0].to_owned(),
            message: texts[1].into(),
            additional_info: texts[2].into(),
            ..Refusal::default()
        };
        assert_eq!(refusal_text(&refusal), expected, "{given}");
    }
}

#[test]
fn a_sent_request_may_have_been_carried_out() {
    let host = || "h".to_owned();
    let open = [
        http::Error::Silence { host: host() }.into(),
        http::Error::Cut {
            host: host(),
            reason: host().into(),
        }
        .into(),
        http::Error::TooLarge {
            host: host(),
            limit: 1,
        }
        .into(),
        http::Error::Memory { size: 1 }.into(),
        Error::Deadline {
            host: host(),
            limit: Duration::ZERO,
        },
        Error::Unexpected {
            host: host(),
            status: 302,
        },
        Error::Unauthentic,
    ];
    let clear = [
        http::Error::Connect {
            host: host(),
            proxy: None,
            reason: host().into(),
        }
        .into(),
        Error::Refused(Box::default()),
        Error::KeyLoop,
    ];
    open.iter()
        .for_each(|error| assert!(error.may_have_acted(), "{error}"));
    clear
        .iter()
        .for_each(|error| assert!(!error.may_have_acted(), "{error}"));
}

#[test]
fn only_an_absent_server_is_stood_in_for() {
    use ServerState::{Away, Refuses, Unknown};
    let host = || "h".to_owned();
    let cut = |reason: &str| http::Error::Cut {
        host: host(),
        reason: reason.into(),
    };
    let certificate = rustls::Error::InvalidCertificate(rustls::CertificateError::Revoked);
    let cases: Vec<(Error, ServerState)> = vec![
        (cut("gone").into(), Away),
        (http::Error::Silence { host: host() }.into(), Away),
        (
            http::Error::Lookup {
                host: host(),
                proxy: None,
                reason: host().into(),
            }
            .into(),
            Away,
        ),
        (
            Error::Server {
                host: host(),
                status: 503,
            },
            Away,
        ),
        (
            Error::Deadline {
                host: host(),
                limit: Duration::ZERO,
            },
            Away,
        ),
        (
            Error::Throttled {
                waits: 0,
                waited: Duration::ZERO,
            },
            Away,
        ),
        (Error::Refused(Box::default()), Refuses),
        (
            Error::ClientVersion {
                version: host(),
                refusal: Box::default(),
            },
            Refuses,
        ),
        (
            http::Error::Certificate {
                host: host(),
                source: certificate,
            }
            .into(),
            Unknown,
        ),
        (
            http::Error::BrokenTls {
                host: host(),
                reason: host().into(),
            }
            .into(),
            Unknown,
        ),
        (
            http::Error::TooLarge {
                host: host(),
                limit: 1,
            }
            .into(),
            Unknown,
        ),
        (
            Error::Unexpected {
                host: host(),
                status: 302,
            },
            Unknown,
        ),
        (Error::Unauthentic, Unknown),
        (
            Error::Items {
                count: 2,
                limit: 1,
                kib: 0,
            },
            Unknown,
        ),
        (Error::KeyLoop, Unknown),
    ];
    for (error, expected) in cases {
        assert_eq!(error.server_state(), expected, "{error}");
    }
}
