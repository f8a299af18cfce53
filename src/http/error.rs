//! Every way a connection fails. No error carries an address: a download link is a credential.

use std::error::Error as _;
use std::path::PathBuf;

/// Why there is no answer, or no client to ask with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or directory of roots cannot be read.
    #[error("cannot read the certificates in {path}, which {setting} names: {reason}")]
    Roots {
        /// The file or directory.
        path: PathBuf,
        /// The variable that names it.
        setting: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A variable has a value that means nothing.
    #[error("{setting} is set to something other than true or false")]
    Boolean {
        /// The variable.
        setting: &'static str,
    },
    /// A proxy setting that cannot be used. Its text is not quoted: it may hold a password.
    #[error("the proxy in {setting} cannot be used: {reason}")]
    Proxy {
        /// The variable.
        setting: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The client could not be built.
    #[error("the HTTPS client cannot be set up")]
    Client(#[source] reqwest::Error),
    /// TLS could not be set up.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
    /// The server's certificate was not accepted.
    #[error("{host} did not prove who it is")]
    Certificate {
        /// Whom we asked.
        host: String,
        /// What is wrong with the certificate.
        source: rustls::Error,
    },
    /// No connection.
    #[error("cannot connect to {host}")]
    Connect {
        /// Whom we asked.
        host: String,
        /// Why.
        source: reqwest::Error,
    },
    /// Connected, and then nothing.
    #[error("{host} stopped answering")]
    Silence {
        /// Whom we asked.
        host: String,
    },
    /// The connection broke before the answer was complete.
    #[error("the connection to {host} broke before the answer was complete")]
    Cut {
        /// Whom we asked.
        host: String,
        /// Why.
        source: reqwest::Error,
    },
    /// More than we are willing to take.
    #[error("{host} sends more than {} MiB, which is more than is accepted", .limit >> 20)]
    TooLarge {
        /// Whom we asked.
        host: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A link that is no URL.
    #[error("the server gave a download link that cannot be read")]
    Link,
    /// A link without TLS.
    #[error("the server gave a download link without https")]
    PlaintextLink,
    /// From one address to the next.
    #[error("{host} redirects too often")]
    Redirects {
        /// Who did so last.
        host: String,
    },
}

impl Error {
    pub(super) fn sending(host: String, error: reqwest::Error) -> Self {
        let error = error.without_url();
        if let Some(source) = tls_reason(&error) {
            return Self::Certificate { host, source };
        }
        if error.is_connect() {
            return Self::Connect {
                host,
                source: error,
            };
        }
        Self::reading(host, error)
    }

    pub(super) fn reading(host: String, error: reqwest::Error) -> Self {
        let error = error.without_url();
        if error.is_timeout() {
            Self::Silence { host }
        } else {
            Self::Cut {
                host,
                source: error,
            }
        }
    }

    /// Whether the same request may fare better in a moment.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. } | Self::Silence { .. } | Self::Cut { .. }
        )
    }
}

/// The certificate error somewhere below `error`. rustls hides inside an I/O error, which does not count it as its
/// source.
fn tls_reason(error: &reqwest::Error) -> Option<rustls::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        let found = inner
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .or_else(|| error.downcast_ref::<rustls::Error>());
        if let Some(found @ rustls::Error::InvalidCertificate(_)) = found {
            return Some(found.clone());
        }
        cause = inner
            .map(|inner| inner as &(dyn std::error::Error + 'static))
            .or_else(|| error.source());
    }
    None
}
