//! Every way a connection fails. No error carries an address: a download link is a credential.

use std::error::Error as _;
use std::io;
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
    #[error("cannot connect to {host}{}: {reason}", with(*.proxy))]
    Connect {
        /// Whom we asked.
        host: String,
        /// The variable that names a proxy, which may be what cannot be reached.
        proxy: Option<&'static str>,
        /// Why.
        reason: String,
    },
    /// Connected, and then nothing.
    #[error("{host} stopped answering")]
    Silence {
        /// Whom we asked.
        host: String,
    },
    /// The connection broke before the answer was complete.
    #[error("the connection to {host} broke before the answer was complete: {reason}")]
    Cut {
        /// Whom we asked.
        host: String,
        /// Why.
        reason: String,
    },
    /// More than we are willing to take.
    #[error("{host} sends more than {} MiB, which is more than is accepted", .limit >> 20)]
    TooLarge {
        /// Whom we asked.
        host: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// More than there is room for here.
    #[error("there is no memory for {} MiB", .size >> 20)]
    Memory {
        /// What was to be kept, in bytes.
        size: u64,
    },
    /// A link that is no URL.
    #[error("the server gave a link to a file that cannot be read")]
    Link,
    /// A link without TLS.
    #[error("the server gave a link to a file without https")]
    PlaintextLink,
    /// An address without TLS that is not of this machine.
    #[error("{0} is not asked, because that would be plain HTTP to another machine")]
    Plaintext(String),
    /// From one address to the next.
    #[error("{host} redirects too often")]
    Redirects {
        /// Who did so last.
        host: String,
    },
}

impl Error {
    pub(super) fn sending(
        host: String,
        proxy: Option<&'static str>,
        error: reqwest::Error,
    ) -> Self {
        let error = error.without_url();
        if let Some(source) = tls_reason(&error) {
            return Self::Certificate { host, source };
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
        if error.is_timeout() {
            Self::Silence { host }
        } else {
            let reason = first_cause(&error);
            Self::Cut { host, reason }
        }
    }

    /// Whether the server may have received the request and acted on it.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Silence { .. }
            | Self::Cut { .. }
            | Self::TooLarge { .. }
            | Self::Memory { .. } => true,
            Self::Roots { .. }
            | Self::Boolean { .. }
            | Self::Proxy { .. }
            | Self::Client(_)
            | Self::Tls(_)
            | Self::Certificate { .. }
            | Self::Connect { .. }
            | Self::Link
            | Self::PlaintextLink
            | Self::Plaintext(_)
            | Self::Redirects { .. } => false,
        }
    }

    /// Whether a certificate was refused for the time it is here.
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

    /// Whether the same request may fare better in a moment.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. } | Self::Silence { .. } | Self::Cut { .. }
        )
    }
}

fn with(proxy: Option<&'static str>) -> String {
    proxy.map_or_else(String::new, |setting| {
        format!(" with the proxy in {setting}")
    })
}

/// What lies at the bottom of `error`; the layers above it only say that something below failed.
fn first_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(below) = cause.source() {
        cause = below;
    }
    match cause.downcast_ref::<io::Error>() {
        // rustls explains this one with a link to its manual.
        Some(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "the other side closed it".to_owned()
        }
        _ => cause.to_string(),
    }
}

/// The certificate error somewhere below `error`. rustls hides inside an I/O error, which does not count it as its
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
        if let Some(found @ rustls::Error::InvalidCertificate(_)) = found {
            return Some(found.clone());
        }
        cause = inner
            .map(|inner| inner as &(dyn std::error::Error + 'static))
            .or_else(|| error.source());
    }
    None
}
