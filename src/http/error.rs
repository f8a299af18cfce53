//! The errors of a connection.

use std::path::PathBuf;

use super::proxy::ProxyName;
use super::tunnel::Denial;
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
    #[error(
        "cannot connect to {host}: the name cannot be looked up, for no thread can be started: {reason}"
    )]
    NoThread { host: String, reason: Text },
    #[error("the proxy in {proxy} refuses to connect to {host}: {denial}")]
    Tunnel {
        host: String,
        proxy: Box<ProxyName>,
        denial: Denial,
    },
    /// TLS with the proxy itself failed.
    #[error("the proxy in {proxy} cannot be used")]
    ProxyTls {
        proxy: Box<ProxyName>,
        source: Box<Self>,
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
            | Self::NoThread { .. }
            | Self::Tunnel { .. }
            | Self::ProxyTls { .. }
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
        let reason = match self {
            Self::ProxyTls { source, .. } => return source.is_about_time(),
            Self::Certificate {
                source: rustls::Error::InvalidCertificate(reason),
                ..
            } => reason,
            _ => return false,
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
                | Self::Tunnel { .. }
                | Self::Silence { .. }
                | Self::Cut { .. }
        )
    }

    /// Whether the same request may succeed in a moment. Name servers that are silent were waited for already.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NameServers { .. } => false,
            Self::Tunnel { denial, .. } => denial.may_pass(),
            Self::BrokenTls { .. } => true,
            _ => self.is_about_reach(),
        }
    }

    /// Whether a proxy stands in the way.
    pub fn is_about_proxy(&self) -> bool {
        match self {
            Self::Connect { proxy, .. } => proxy.is_some(),
            Self::Tunnel { .. } | Self::ProxyTls { .. } => true,
            _ => false,
        }
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
