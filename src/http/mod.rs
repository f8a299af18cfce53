//! HTTPS: TLS, proxy and time limits are the same for every connection (N1 to N9). [`LocalHttp`] is the exception, for
//! plain HTTP within this machine.

mod answer;
mod certificates;
mod client;
mod connect;
mod error;
mod exceptions;
mod file;
mod form;
mod issuer;
pub mod local;
mod lookup;
pub mod probe;
pub mod proxy;
mod request;
pub mod trust;
mod url;
mod verifier;

use std::sync::Arc;

use tokio::time::timeout;

pub use answer::{Answer, Progress};
use client::{Client, Message, Response};
use connect::Connector;
pub use error::Error;
pub use form::MultipartForm;
pub use hyper::Method;
pub use local::LocalHttp;
use lookup::Reach;
use proxy::{Proxy, ProxyName};
pub use request::Request;
use trust::{Trust, Verification};
use url::{Scheme, Url};

use crate::environment::Environment;
use crate::limits;

/// How requests name their sender.
const USER: &str = concat!("ksm/", env!("CARGO_PKG_VERSION"));

#[derive(Debug)]
pub struct Settings {
    trust: Trust,
    pub verification: Verification,
    proxy: Option<Proxy>,
}

impl Settings {
    /// Reads and checks the variables for certificates and proxies (D17).
    pub fn from_environment(environment: &Environment) -> Result<Self, Error> {
        Ok(Self {
            trust: Trust::from_environment(environment),
            verification: Verification::from_environment(environment)?,
            proxy: Proxy::from_environment(environment)?,
        })
    }
}

/// Clones share their connections.
#[derive(Debug, Clone)]
pub struct Http {
    client: Client,
    /// Asks public addresses only, and knows no proxy.
    public: Client,
    proxy: Option<Proxy>,
}

impl Http {
    /// Reads the roots; sends nothing. `unverified` is told the setting that lets anybody be the server (N3).
    pub fn new(settings: &Settings, unverified: &dyn Fn(&str)) -> Result<Self, Error> {
        if let Verification::Skipped(setting) = settings.verification {
            unverified(setting);
        }
        let tls = Arc::new(settings.trust.tls(settings.verification)?);
        let proxy = settings.proxy.clone();
        let client = |proxy, reach| {
            let tls = Arc::clone(&tls);
            Client::new(Connector { tls, proxy, reach })
        };
        Ok(Self {
            client: client(proxy.clone(), Reach::Anywhere),
            public: client(None, Reach::Public),
            proxy,
        })
    }

    /// The proxy that stands before `url`.
    pub fn proxy_before(&self, url: &str) -> Option<Box<ProxyName>> {
        let url = Url::parse(url)?;
        let proxy = self.proxy.as_ref().filter(|proxy| proxy.serves(&url));
        Some(Box::new(proxy?.name()))
    }

    async fn send(&self, url: &Url, message: Message<'_>) -> Result<Response, Error> {
        unless_silent(&url.host_and_port(), self.client.send(url, message)).await?
    }
}

/// The address of a request that goes over TLS.
fn https(url: &str) -> Result<Url, Error> {
    let host = || host_of(url);
    match Url::parse(url) {
        Some(url) if url.scheme() == Scheme::Https => Ok(url),
        Some(_) => Err(Error::Plaintext(host())),
        None => Err(Error::Request { host: host() }),
    }
}

/// The one part of an address that may be shown: `host` or `host:port`.
pub(crate) fn host_of(url: &str) -> String {
    Url::parse(url).map_or_else(|| "the server".to_owned(), |url| url.host_and_port())
}

/// The host of an https address without a user name in it.
pub(crate) fn host_over_tls(url: &str) -> Option<String> {
    let url = Url::parse(url).filter(|url| url.scheme() == Scheme::Https && !url.has_user())?;
    Some(url.host().to_owned())
}

/// Fails when the other side is silent for too long.
async fn unless_silent<T>(host: &str, what: impl Future<Output = T>) -> Result<T, Error> {
    let silent = |_| Error::Silence {
        host: host.to_owned(),
    };
    timeout(limits::SILENCE, what).await.map_err(silent)
}
