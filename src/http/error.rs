//! The errors of a connection.

use std::error::Error as _;
use std::io;
use std::path::PathBuf;

use rustls::{CertificateError, OtherError};

use super::issuer::UnknownIssuer;
use super::lookup;
use super::proxy::ProxyName;
use crate::foreign::Text;
use crate::{clock, limits};

/// No error carries an address, since a download link is a credential.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot read the certificates in {path}, which {setting} names: {reason}")]
    Roots {
        path: PathBuf,
        setting: &'static str,
        reason: Text,
    },
    #[error("{setting} is set to something other than true or false")]
    Boolean { setting: &'static str },
    /// The setting is not quoted: it may hold a password.
    #[error("the proxy in {setting} cannot be used: {reason}")]
    Proxy {
        setting: &'static str,
        reason: &'static str,
    },
    #[error("this needs a server, and none may be asked")]
    Offline,
    #[error("the HTTPS client cannot be set up")]
    Client(#[source] reqwest::Error),
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    #[error(transparent)]
    Clock(#[from] clock::Error),
    #[error("{host} did not prove who it is")]
    Certificate { host: String, source: rustls::Error },
    #[error("{host} did not prove who it is: {reason}")]
    Issuer { host: String, reason: Text },
    #[error("cannot connect to {host}{}: {reason}", with(.proxy.as_deref()))]
    Connect {
        host: String,
        /// May be the unreachable part.
        proxy: Option<Box<ProxyName>>,
        reason: Text,
    },
    #[error("cannot connect to {host}{}: the name cannot be looked up: {reason}", with(.proxy.as_deref()))]
    Lookup {
        host: String,
        /// The name is that of the proxy then.
        proxy: Option<Box<ProxyName>>,
        reason: Text,
    },
    #[error(
        "cannot connect to {host}{}: the name cannot be looked up: no name server answered within {} seconds{}",
        with(.proxy.as_deref()),
        limits::LOOKUP.as_secs(),
        by(.asked)
    )]
    NameServers {
        host: String,
        /// The name is that of the proxy then.
        proxy: Option<Box<ProxyName>>,
        /// Empty where that is not known.
        asked: Text,
    },
    /// Somebody answers, and not as a server that speaks TLS, or something was changed on the way.
    #[error("the connection to {host} is no sound TLS: {reason}")]
    BrokenTls { host: String, reason: Text },
    #[error("{host} stopped answering")]
    Silence { host: String },
    #[error("the connection to {host} broke before the answer was complete: {reason}")]
    Cut { host: String, reason: Text },
    #[error("{host} sends more than {}, which is more than is accepted", limits::in_words(*.limit))]
    TooLarge {
        host: String,
        /// In bytes.
        limit: u64,
    },
    #[error("there is no memory for {}", limits::in_words(*.size))]
    Memory {
        /// In bytes.
        size: u64,
    },
    #[error("the server gave a link to a file that cannot be read")]
    Link,
    #[error("the server gave a link to a file without https")]
    PlaintextLink,
    #[error("the server gave a link to a file at {host} with a user name in it")]
    UserLink { host: String },
    #[error(
        "the server gave a link to a file at {host}, which is on this machine or in a private network, as the vault \
         itself is not"
    )]
    PrivateLink { host: String },
    /// An address without TLS on another machine.
    #[error("{0} is not asked, because that would be plain HTTP to another machine")]
    Plaintext(String),
    #[error("{host} redirects too often")]
    Redirects { host: String },
}

impl Error {
    pub(super) fn sending(
        host: String,
        proxy: Option<Box<ProxyName>>,
        error: reqwest::Error,
    ) -> Self {
        let error = error.without_url();
        if let Some(source) = tls_reason(&error) {
            return Self::of_tls(host, source);
        }
        match find(&error) {
            Some(lookup::Error::Private) => return Self::PrivateLink { host },
            Some(lookup::Error::Silence) => {
                let asked = lookup::name_servers();
                return Self::NameServers { host, proxy, asked };
            }
            Some(lookup::Error::Failed(error)) => {
                let reason = error.to_string().into();
                return Self::Lookup {
                    host,
                    proxy,
                    reason,
                };
            }
            None => {}
        }
        if error.is_connect() {
            let reason = first_cause(&error);
            return Self::Connect {
                host,
                proxy,
                reason,
            };
        }
        Self::reading(host, error)
    }

    pub(super) fn reading(host: String, error: reqwest::Error) -> Self {
        let error = error.without_url();
        if let Some(source) = tls_reason(&error) {
            Self::of_tls(host, source)
        } else if error.is_timeout() {
            Self::Silence { host }
        } else {
            let reason = first_cause(&error);
            Self::Cut { host, reason }
        }
    }

    fn of_tls(host: String, source: rustls::Error) -> Self {
        match source {
            rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(reason)))
                if reason.is::<UnknownIssuer>() =>
            {
                let reason = reason.to_string().into();
                Self::Issuer { host, reason }
            }
            rustls::Error::InvalidCertificate(_) => Self::Certificate { host, source },
            broken => {
                let reason = broken.to_string().into();
                Self::BrokenTls { host, reason }
            }
        }
    }

    /// Whether the server may have received the request and acted on it.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Silence { .. }
            | Self::Cut { .. }
            | Self::BrokenTls { .. }
            | Self::TooLarge { .. }
            | Self::Memory { .. } => true,
            Self::Offline
            | Self::Roots { .. }
            | Self::Boolean { .. }
            | Self::Proxy { .. }
            | Self::Client(_)
            | Self::Tls(_)
            | Self::Clock(_)
            | Self::Certificate { .. }
            | Self::Issuer { .. }
            | Self::Connect { .. }
            | Self::Lookup { .. }
            | Self::NameServers { .. }
            | Self::Link
            | Self::PlaintextLink
            | Self::UserLink { .. }
            | Self::PrivateLink { .. }
            | Self::Plaintext(_)
            | Self::Redirects { .. } => false,
        }
    }

    /// Whether the validity period of a certificate does not include the time of this machine.
    pub fn is_about_time(&self) -> bool {
        use rustls::CertificateError as E;
        let Self::Certificate {
            source: rustls::Error::InvalidCertificate(reason),
            ..
        } = self
        else {
            return false;
        };
        matches!(
            reason,
            E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. }
        )
    }

    /// Whether the server is out of reach. Where somebody answers who is not the server, it is not.
    pub fn is_about_reach(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. }
                | Self::Lookup { .. }
                | Self::NameServers { .. }
                | Self::Silence { .. }
                | Self::Cut { .. }
        )
    }

    /// Whether the same request may succeed in a moment. Name servers that are silent were waited for already.
    pub fn may_pass(&self) -> bool {
        let is_silent = matches!(self, Self::NameServers { .. });
        (self.is_about_reach() && !is_silent) || matches!(self, Self::BrokenTls { .. })
    }
}

fn with(proxy: Option<&ProxyName>) -> String {
    proxy.map_or_else(String::new, |proxy| format!(" with the proxy in {proxy}"))
}

fn by(servers: &Text) -> String {
    match servers.to_string() {
        none if none.is_empty() => none,
        servers => format!(" (asked: {servers})"),
    }
}

fn find(error: &reqwest::Error) -> Option<&lookup::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// The innermost cause; the layers above it only say that something below failed.
fn first_cause(error: &reqwest::Error) -> Text {
    let mut cause: &dyn std::error::Error = error;
    while let Some(below) = cause.source() {
        cause = below;
    }
    match cause.downcast_ref::<io::Error>() {
        // rustls explains this one with a link to its manual.
        Some(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the other side closed it".into()
        }
        _ => match cause.to_string().strip_prefix("tunnel error: ") {
            Some("unsuccessful") => "it answers that it opens no way there".into(),
            Some("proxy authorization required") => {
                "it answers 407: it wants a user name and a password that it knows".into()
            }
            Some(other) => other.into(),
            None => cause.to_string().into(),
        },
    }
}

/// Finds the error of TLS below `error`. rustls hides inside an I/O error, which does not list it as its
/// source.
fn tls_reason(error: &reqwest::Error) -> Option<rustls::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        let found = inner
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .or_else(|| error.downcast_ref::<rustls::Error>());
        if let Some(found) = found {
            return Some(found.clone());
        }
        cause = inner
            .map(|inner| inner as &(dyn std::error::Error + 'static))
            .or_else(|| error.source());
    }
    None
}
