//! The exit codes and hints for errors of connections and the protocol.

use ksm::wire::{endpoint, server_key, token};
use ksm::{crypto, http, wire};

use super::{Code, Failure};

impl From<wire::Error> for Failure {
    fn from(error: wire::Error) -> Self {
        let (code, hint) = of_wire(&error);
        Self::new(code, error).hint_if(hint)
    }
}

pub(super) fn of_wire(error: &wire::Error) -> (Code, Option<&'static str>) {
    use wire::Error as E;
    match error {
        E::Http(error) => of_http(error),
        E::Crypto(_) => (Code::Failed, None),
        E::Server { .. } => (Code::Unreachable, Some("try again in a while")),
        E::Unexpected { .. } => (
            Code::Unreachable,
            Some("check the host of the profile, and whether a proxy answers in its place"),
        ),
        E::Unauthentic | E::Malformed { .. } | E::Deadline { .. } => (Code::Unreachable, None),
        E::Refused(refusal) => (Code::Refused, refused(&refusal.code)),
        E::ClientVersion { .. } => (
            Code::Refused,
            Some("KSM_CLIENT_VERSION sets the client version that is sent"),
        ),
        E::Throttled { .. } => (
            Code::Refused,
            Some("`--max-wait SECONDS` or KSM_MAX_WAIT allows longer waits"),
        ),
        E::UnknownKey(_) | E::CustomKeyRefused(_) => (
            Code::Refused,
            Some("import the profile again, or add its `serverpublickey` to keeper.ini"),
        ),
        E::KeyNotNamed(_) | E::KeyLoop => (Code::Refused, None),
    }
}

// The usual reason (protocol 6.1).
fn refused(code: &str) -> Option<&'static str> {
    (code == "access_denied").then_some(
        "the token may be spent or expired, or the device removed or locked to another address",
    )
}

impl From<http::Error> for Failure {
    fn from(error: http::Error) -> Self {
        let (code, hint) = of_http(&error);
        Self::new(code, error).hint_if(hint)
    }
}

pub(super) fn of_http(error: &http::Error) -> (Code, Option<&'static str>) {
    use http::Error as E;
    match error {
        E::Roots { .. } | E::Boolean { .. } | E::Proxy { .. } | E::Client(_) | E::Tls(_) => {
            (Code::Local, None)
        }
        E::Certificate { .. } if error.is_about_time() => (
            Code::Unreachable,
            Some(
                "check the clock of this machine; `ksm profile check` compares it with the server's",
            ),
        ),
        E::Certificate { .. } => (
            Code::Unreachable,
            Some("KSM_CA_FILE names a certificate authority to trust besides the system's"),
        ),
        E::Connect { .. } => (
            Code::Unreachable,
            Some("check the network, the host of the profile, and HTTPS_PROXY if there is a proxy"),
        ),
        E::Silence { .. } | E::Cut { .. } => (Code::Unreachable, Some("try again in a while")),
        E::Memory { .. } => (Code::Failed, None),
        E::TooLarge { .. } | E::Link | E::PlaintextLink | E::Plaintext(_) | E::Redirects { .. } => {
            (Code::Unreachable, None)
        }
    }
}

impl From<crypto::Error> for Failure {
    fn from(error: crypto::Error) -> Self {
        use crypto::Error as E;
        match error {
            E::Random | E::Authentication | E::Length | E::Key | E::Signature => {
                Self::new(Code::Failed, error)
            }
        }
    }
}

impl From<token::Error> for Failure {
    fn from(error: token::Error) -> Self {
        use token::Error as E;
        let hint = match error {
            E::Missing | E::ServerKey(_) => None,
            E::ClientKey(_) | E::ClientKeyLength(_) | E::Host => {
                Some("a token looks like US:<43 characters>; copy all of it")
            }
        };
        Self::usage(error).hint_if(hint)
    }
}

impl From<endpoint::Error> for Failure {
    fn from(error: endpoint::Error) -> Self {
        use endpoint::Error as E;
        match error {
            E::Empty | E::Plaintext(_) | E::NotAHost(_) | E::Port(_) => Self::usage(error),
        }
    }
}

impl From<server_key::Error> for Failure {
    fn from(error: server_key::Error) -> Self {
        use server_key::Error as E;
        match error {
            E::Id | E::Encoding(_) | E::Point(_) => Self::new(Code::Local, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use ksm::vault;

    use super::*;

    fn refusal(code: &str) -> Box<wire::reply::Refusal> {
        Box::new(wire::reply::Refusal {
            status: 403,
            code: code.into(),
            message: "no".into(),
            ..Default::default()
        })
    }

    #[test]
    fn each_class_has_its_code() {
        let host = || String::from("keeper.example");
        let key_id = wire::server_key::KeyId::DEFAULT;
        let table: [(Failure, Code); 9] = [
            (
                wire::Error::Refused(refusal("access_denied")).into(),
                Code::Refused,
            ),
            (
                wire::Error::ClientVersion {
                    version: "x".into(),
                    refusal: refusal("x"),
                }
                .into(),
                Code::Refused,
            ),
            (wire::Error::UnknownKey(key_id).into(), Code::Refused),
            (
                wire::Error::Server {
                    host: host(),
                    status: 500,
                }
                .into(),
                Code::Unreachable,
            ),
            (
                wire::Error::Http(http::Error::Silence { host: host() }).into(),
                Code::Unreachable,
            ),
            (
                vault::Error::Wire(wire::Error::Http(http::Error::Boolean {
                    setting: "KSM_SKIP_VERIFY",
                }))
                .into(),
                Code::Local,
            ),
            (
                vault::Error::Crypto(crypto::Error::Authentication).into(),
                Code::Failed,
            ),
            (token::Error::Missing.into(), Code::Usage),
            (endpoint::Error::Empty.into(), Code::Usage),
        ];
        for (failure, code) in table {
            assert_eq!(failure.code(), code, "{failure}");
        }
    }

    #[test]
    fn a_certificate_of_another_time_is_a_matter_of_clocks() {
        use rustls::CertificateError as E;
        for (reason, hint) in [
            (E::Expired, "clock"),
            (E::NotValidYet, "clock"),
            (E::UnknownIssuer, "KSM_CA_FILE"),
        ] {
            let failure = Failure::from(http::Error::Certificate {
                host: "h".into(),
                source: rustls::Error::InvalidCertificate(reason),
            });
            assert_eq!(failure.code(), Code::Unreachable);
            assert!(failure.to_string().contains(hint), "{failure}");
        }
    }

    #[test]
    fn a_refusal_shows_the_servers_words() {
        let failure = Failure::from(vault::Error::Wire(wire::Error::Refused(refusal("x"))));
        assert_eq!(failure.to_string(), "Error: x, message=no\n");
    }
}
