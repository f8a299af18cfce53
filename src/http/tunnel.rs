//! Why a proxy opens no tunnel. reqwest tells that it does not, and not with which status.

use std::error::Error as _;
use std::fmt;

use reqwest::{Method, StatusCode, Url};
use tokio::time::timeout;

use super::lookup::Reach;
use super::{Error, Http, builder};
use crate::limits;

/// What a proxy does in place of opening a tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    Status(StatusCode),
    Closed,
    /// As a server does that is spoken to over TLS.
    NotHttp,
    Unknown,
}

impl Denial {
    pub(super) fn of(error: &reqwest::Error) -> Option<Self> {
        Some(match tunnel_error(error)?.as_str() {
            "proxy authorization required" => {
                Self::Status(StatusCode::PROXY_AUTHENTICATION_REQUIRED)
            }
            "unexpected end of file" => Self::Closed,
            NO_CONNECTION => return None,
            text if text.starts_with("io error") => return None,
            // Among them an answer with more headers than are read.
            _ => Self::Unknown,
        })
    }

    /// Whether the proxy may open the tunnel in a moment.
    pub(super) fn may_pass(self) -> bool {
        match self {
            Self::Status(status) => status.is_server_error(),
            Self::Closed | Self::Unknown => true,
            Self::NotHttp => false,
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "it answers {status}"),
            Self::Closed => f.write_str("it closes the connection"),
            Self::NotHttp => f.write_str("its answer is no HTTP"),
            Self::Unknown => f.write_str("it gives no reason"),
        }
    }
}

/// hyper's words for a proxy that is not reached.
const NO_CONNECTION: &str = "failed to create underlying connection";

/// Whether `error` arose on the way to the proxy.
pub(super) fn begins_with_failure(error: &reqwest::Error) -> bool {
    tunnel_error(error).is_some_and(|text| text == NO_CONNECTION)
}

/// The type of this error is hyper's own.
fn tunnel_error(error: &reqwest::Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(text) = error.to_string().strip_prefix("tunnel error: ") {
            return Some(text.to_owned());
        }
        cause = error.source();
    }
    None
}

/// hyper's words for an answer that does not begin as one of HTTP. What it says of broken or too many headers is not
/// the proxy's reason.
fn is_no_http(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.to_string() == "invalid HTTP version parsed" {
            return true;
        }
        cause = error.source();
    }
    false
}

impl Http {
    /// Finds out what the proxy before `url` answers, if that is what `error` is about.
    pub(super) async fn explained(&self, url: &str, error: Error) -> Error {
        match error {
            Error::Tunnel {
                host,
                proxy,
                denial: Denial::Unknown,
            } => Error::Tunnel {
                host,
                proxy,
                denial: self.denial(url).await.unwrap_or(Denial::Unknown),
            },
            other => other,
        }
    }

    /// Asks the proxy for the same tunnel once more, by an ordinary request, which shows the status.
    async fn denial(&self, url: &str) -> Option<Denial> {
        let client = builder(self.tls.clone(), Reach::Anywhere)
            .https_only(false)
            .proxy(self.proxy.as_ref()?.to_reqwest_always())
            .build()
            .ok()?;
        let url = Url::parse(url).ok()?;
        // This port is left out of an address of plain HTTP, and a proxy wants one.
        let port = url.port_or_known_default().filter(|port| *port != 80)?;
        // Only plain HTTP goes to the proxy as it is; over TLS reqwest would open a tunnel for it.
        let target = format!("http://{}:{port}/", url.host_str()?);
        let sent = client.request(Method::CONNECT, target).send();
        match timeout(limits::CONNECT, sent).await.ok()? {
            // hyper takes no other success for a tunnel.
            Ok(answer) if answer.status() == StatusCode::OK => None,
            Ok(answer) => Some(Denial::Status(answer.status())),
            Err(error) => is_no_http(&error).then_some(Denial::NotHttp),
        }
    }
}
