//! The exit codes and hints for errors of connections and the protocol.

use std::borrow::Cow;

use ksm::http::proxy::ProxyName;
use ksm::http::{Denial, StatusCode};
use ksm::wire::{endpoint, server_key, token};
use ksm::{clock, crypto, http, wire};

use super::{Class, Classify, Code};

impl Classify for wire::Error {
    fn class(&self) -> Class {
        match self {
            Self::Http(error) => error.class(),
            Self::Crypto(_) => Code::Failed.into(),
            Self::Server { .. } => Code::Unreachable.hint("try again in a while"),
            Self::Unexpected { .. } => Code::Unreachable
                .hint("check the host of the profile, and whether a proxy answers in its place"),
            Self::Unauthentic | Self::Malformed { .. } | Self::Items { .. } | Self::Deadline { .. } => {
                Code::Unreachable.into()
            }
            // The usual reason (protocol 6.1).
            Self::Refused(refusal) if refusal.code == "access_denied" => Code::Refused.hint(
                "the token may be spent or expired, or the device removed or locked to another address",
            ),
            Self::Refused(_) => Code::Refused.into(),
            Self::ClientVersion { .. } => {
                Code::Refused.hint("KSM_CLIENT_VERSION sets the client version that is sent")
            }
            Self::Throttled { .. } => {
                Code::Refused.hint("`--max-wait SECONDS` or KSM_MAX_WAIT allows longer waits")
            }
            Self::UnknownKey(_) | Self::CustomKeyRefused(_) => Code::Refused
                .hint("import the profile again, or add its `serverpublickey` to keeper.ini"),
            Self::KeyNotNamed(_) | Self::KeyLoop => Code::Refused.into(),
        }
    }
}

impl Classify for clock::Error {
    fn class(&self) -> Class {
        Code::Local.hint("set this machine's clock")
    }
}

impl Classify for http::Error {
    fn class(&self) -> Class {
        match self {
            Self::Roots { setting, .. } => {
                Code::Local.hint(format!(
                    "name a file of certificates in PEM, or `unset {setting}`"
                ))
            }
            Self::Boolean { setting } => {
                Code::Local.hint(format!("`unset {setting}` goes without it"))
            }
            Self::Proxy { setting, .. } => Code::Local.hint(format!(
                "a proxy looks like http://HOST:PORT; `unset {setting}` goes without it"
            )),
            Self::Client(_) | Self::Tls(_) => Code::Local.into(),
            Self::Offline => Code::Unreachable.hint(
                "leave out `--offline`: what the cache has is records and folders, for commands that read",
            ),
            Self::Clock(error) => error.class(),
            Self::Certificate { .. } if self.is_about_time() => Code::Unreachable.hint(
                "check the clock of this machine; `ksm profile check` compares it with the server's",
            ),
            Self::Certificate { .. } | Self::Issuer { .. } => Code::Unreachable
                .hint("KSM_CA_FILE names a certificate authority to trust besides the system's"),
            Self::Connect { proxy, .. } | Self::Lookup { proxy, .. } => {
                Code::Unreachable.hint(match proxy {
                    Some(proxy) if proxy.is_tls => without_tls(proxy).into(),
                    Some(proxy) => format!("check the proxy that {} names", proxy.setting).into(),
                    None => Cow::from("check the network, and the host of the profile"),
                })
            }
            Self::Tunnel {
                host,
                proxy,
                denial,
            } => Code::Unreachable.hint(cure(host, proxy, *denial)),
            Self::ProxyTls { proxy, source } => match **source {
                Self::BrokenTls { .. } => Code::Unreachable.hint(without_tls(proxy)),
                _ => source.class(),
            },
            Self::NameServers { .. } => {
                Code::Unreachable.hint("check the network, and the name servers of this machine")
            }
            Self::BrokenTls { .. } => Code::Unreachable
                .hint("check the host of the profile, and whether something answers in its place"),
            Self::Silence { .. } | Self::Cut { .. } => {
                Code::Unreachable.hint("try again in a while")
            }
            Self::NoThread { .. } => Code::Failed
                .hint("`ulimit -u` tells how many processes and threads a user may have"),
            Self::Memory { .. } => Code::Failed.into(),
            Self::TooLarge { .. }
            | Self::Link
            | Self::PlaintextLink
            | Self::UserLink { .. }
            | Self::PrivateLink { .. }
            | Self::Plaintext(_)
            | Self::Redirects { .. } => Code::Unreachable.into(),
        }
    }
}

fn without_tls(proxy: &ProxyName) -> String {
    let ProxyName { setting, host, .. } = proxy;
    format!("most proxies are spoken to without TLS: {setting}=http://{host}")
}

fn cure(host: &str, proxy: &ProxyName, denial: Denial) -> String {
    let ProxyName {
        setting,
        is_tls,
        host: address,
    } = proxy;
    match denial {
        Denial::Status(StatusCode::PROXY_AUTHENTICATION_REQUIRED) => format!(
            "it wants a user name and a password that it knows: {setting}={}://USER:PASSWORD@{address}",
            if *is_tls { "https" } else { "http" }
        ),
        Denial::Status(StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) => format!(
            "whoever runs the proxy has to allow {host}; where {host} is reached without it, NO_PROXY={host}"
        ),
        Denial::Status(
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT,
        ) => format!(
            "the proxy does not reach {host}: check the host of the profile, or try again in a while"
        ),
        Denial::NotHttp | Denial::Closed if !is_tls => {
            format!("a proxy that is spoken to over TLS is written {setting}=https://{address}")
        }
        Denial::Status(_) | Denial::NotHttp | Denial::Closed | Denial::Unknown => {
            format!("check whether a proxy is at {address}, which {setting} names")
        }
    }
}

impl Classify for crypto::Error {
    fn class(&self) -> Class {
        match self {
            Self::Random
            | Self::Authentication
            | Self::Length
            | Self::Key
            | Self::RsaKey
            | Self::Certificate
            | Self::Signature => Code::Failed.into(),
        }
    }
}

impl Classify for token::Error {
    fn class(&self) -> Class {
        match self {
            Self::Missing | Self::Region(_) | Self::ServerKey(_) => Code::Usage.into(),
            Self::ClientKey(_) | Self::ClientKeyLength(_) | Self::Host => {
                Code::Usage.hint("a token looks like US:<43 characters>; copy all of it")
            }
        }
    }
}

impl Classify for endpoint::Error {
    fn class(&self) -> Class {
        match self {
            Self::Empty
            | Self::Region(_)
            | Self::Plaintext(_)
            | Self::NotAHost(_)
            | Self::Surplus { .. }
            | Self::Port(_) => Code::Usage.into(),
        }
    }
}

impl Classify for server_key::Error {
    fn class(&self) -> Class {
        match self {
            Self::Id | Self::Encoding(_) | Self::Point(_) => Code::Local.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use ksm::vault;

    use super::super::Failure;
    use super::*;

    #[test]
    fn an_error_within_another_keeps_its_code() {
        let setting = "KSM_SKIP_VERIFY";
        let local = wire::Error::Http(http::Error::Boolean { setting });
        let silence = wire::Error::Http(http::Error::Silence { host: "h".into() });
        let damaged = vault::Error::Crypto(crypto::Error::Authentication);
        for (failure, code) in [
            (vault::Error::Wire(local).into(), Code::Local),
            (silence.into(), Code::Unreachable),
            (damaged.into(), Code::Failed),
            (token::Error::Missing.into(), Code::Usage),
        ] {
            let failure: Failure = failure;
            assert_eq!(failure.code(), code, "{failure}");
        }
    }

    #[test]
    fn certificate_failures_hint_at_clock_or_authorities() {
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
}
