//! What an error of reqwest is about.

use std::error::Error as _;
use std::io;

use rustls::{CertificateError, OtherError};

use super::issuer::UnknownIssuer;
use super::proxy::ProxyName;
use super::tunnel::{self, Denial};
use super::{Error, lookup};
use crate::foreign::Text;

impl Error {
    /// Of a request that got no answer.
    pub(super) fn sending(
        host: String,
        proxy: Option<Box<ProxyName>>,
        error: reqwest::Error,
    ) -> Self {
        let error = error.without_url();
        if let Some(source) = tls_reason(&error) {
            return match proxy {
                Some(proxy) if tunnel::begins_with_failure(&error) => Self::ProxyTls {
                    source: Self::of_tls(proxy.host.clone(), source).into(),
                    proxy,
                },
                _ => Self::of_tls(host, source),
            };
        }
        if let (Some(proxy), Some(denial)) = (&proxy, Denial::of(&error)) {
            let proxy = proxy.clone();
            return Self::Tunnel {
                host,
                proxy,
                denial,
            };
        }
        match find(&error) {
            Some(lookup::Error::Private) => return Self::PrivateLink { host },
            Some(lookup::Error::Silence) => {
                let asked = lookup::name_servers();
                return Self::NameServers { host, proxy, asked };
            }
            Some(lookup::Error::NoThread(error)) => {
                let reason = error.to_string().into();
                return Self::NoThread { host, reason };
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

    /// Of an answer that ended early.
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
        _ => cause.to_string().into(),
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
