//! HTTPS: TLS, proxy and time limits are the same for every connection (N1 to N9). [`LocalHttp`] is the exception, for
//! plain HTTP within this machine.

mod answer;
mod cause;
pub(crate) mod certificates;
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
mod tunnel;
pub mod verifier;

use std::sync::{Arc, OnceLock};

use reqwest::{Client, ClientBuilder, RequestBuilder, Response, Url, redirect};
use rustls::ClientConfig;
use tokio::time::timeout;

pub use answer::{Answer, Progress};
pub use error::Error;
pub use form::MultipartForm;
pub use local::LocalHttp;
use lookup::Reach;
use proxy::{Proxy, ProxyName};
pub use request::Request;
pub use reqwest::{Method, StatusCode};
use trust::Trust;
pub use tunnel::Denial;
use verifier::Verification;

use crate::environment::Environment;
use crate::limits;

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
    public: Arc<OnceLock<Client>>,
    tls: ClientConfig,
    proxy: Option<Proxy>,
}

impl Http {
    /// Reads the roots; sends nothing. `unverified` is told the setting that lets anybody be the server (N3).
    pub fn new(settings: &Settings, unverified: &dyn Fn(&str)) -> Result<Self, Error> {
        if let Verification::Skipped(setting) = settings.verification {
            unverified(setting);
        }
        let tls = settings.trust.tls(settings.verification)?;
        let proxy = settings.proxy.clone();
        Ok(Self {
            client: client(tls.clone(), proxy.as_ref(), Reach::Anywhere)?,
            public: Arc::default(),
            tls,
            proxy,
        })
    }

    fn public_client(&self) -> Result<&Client, Error> {
        if let Some(client) = self.public.get() {
            return Ok(client);
        }
        let client = client(self.tls.clone(), None, Reach::Public)?;
        Ok(self.public.get_or_init(|| client))
    }

    /// The proxy that stands before `url`.
    pub fn proxy_before(&self, url: &str) -> Option<Box<ProxyName>> {
        self.proxy.as_ref()?.before(&Url::parse(url).ok()?)
    }

    async fn send(&self, request: RequestBuilder, url: &str) -> Result<Response, Error> {
        let host = host_of(url);
        match unless_silent(&host, request.send()).await? {
            Ok(response) => Ok(response),
            Err(error) => Err(self.unsent(url, error).await),
        }
    }

    async fn unsent(&self, url: &str, error: reqwest::Error) -> Error {
        let error = Error::sending(host_of(url), self.proxy_before(url), error);
        self.explained(url, error).await
    }
}

fn client(tls: ClientConfig, proxy: Option<&Proxy>, reach: Reach) -> Result<Client, Error> {
    let builder = builder(tls, reach);
    let builder = match proxy {
        Some(proxy) => builder.proxy(proxy.to_reqwest()),
        None => builder,
    };
    builder
        .build()
        .map_err(|error| Error::Client(error.without_url()))
}

fn builder(tls: ClientConfig, reach: Reach) -> ClientBuilder {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(true)
        .http1_only()
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(limits::CONNECT)
        .dns_resolver(reach)
        .user_agent(concat!("ksm/", env!("CARGO_PKG_VERSION")))
}

/// The one part of an address that may be shown: `host` or `host:port`.
pub(crate) fn host_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("the server");
    match url.as_ref().and_then(Url::port) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The host of an https address without a user name in it.
pub(crate) fn host_over_tls(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    let host = url.host_str().map(str::to_owned);
    host.filter(|_| is_plain && url.scheme() == "https")
}

/// Fails when the other side is silent for too long.
async fn unless_silent<T>(host: &str, what: impl Future<Output = T>) -> Result<T, Error> {
    let silent = |_| Error::Silence {
        host: host.to_owned(),
    };
    timeout(limits::SILENCE, what).await.map_err(silent)
}
