//! The one HTTP client: TLS, proxy and time limits are the same for every connection (security.md N1 to N9).

mod answer;
mod error;
mod file;
mod form;
pub mod local;
pub mod probe;
pub mod proxy;
mod request;
pub mod trust;

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, Url, redirect};
use tokio::time::timeout;

pub use answer::Answer;
pub use error::Error;
pub use file::Progress;
pub use form::MultipartForm;
pub use local::LocalHttp;
use proxy::Proxy;
pub use request::Request;
pub use reqwest::Method;
use trust::{Trust, Verification};

use crate::environment::Environment;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const SILENCE_LIMIT: Duration = Duration::from_secs(30);

/// What the environment says about connections.
#[derive(Debug)]
pub struct Settings {
    trust: Trust,
    proxy: Option<Proxy>,
}

impl Settings {
    /// Reads the variables of decision D17 and checks what they say.
    pub fn from_environment(environment: &Environment) -> Result<Self, Error> {
        Ok(Self {
            trust: Trust::from_environment(environment)?,
            proxy: Proxy::from_environment(environment)?,
        })
    }

    /// Turns the check of servers off for this run.
    pub fn skip_verification(&mut self) {
        self.trust.skip_verification();
    }

    /// Whether servers are checked to be who they say they are.
    pub fn verification(&self) -> Verification {
        self.trust.verification()
    }
}

/// The client. Cloning it shares its connections.
#[derive(Debug, Clone)]
pub struct Http {
    client: Client,
    /// The variable that names a proxy, if one does.
    proxy: Option<&'static str>,
}

impl Http {
    /// Reads the roots and prepares the client; nothing is sent.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let builder = Client::builder()
            .tls_backend_preconfigured(settings.trust.tls()?)
            .https_only(true)
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT_LIMIT)
            .user_agent(concat!("ksm/", env!("CARGO_PKG_VERSION")));
        let builder = match &settings.proxy {
            Some(proxy) => builder.proxy(proxy.to_reqwest()?),
            None => builder,
        };
        let client = builder.build();
        Ok(Self {
            client: client.map_err(|error| Error::Client(error.without_url()))?,
            proxy: settings.proxy.as_ref().map(Proxy::setting),
        })
    }

    /// Posts `body`; an answer longer than `limit` bytes is an error, a redirect is an answer.
    pub async fn post<const N: usize>(
        &self,
        url: &str,
        headers: [(&str, String); N],
        body: Vec<u8>,
        limit: u64,
    ) -> Result<Answer, Error> {
        let mut request = self.client.post(url).body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let host = host_of(url);
        let response = self.send(request, &host).await?;
        answer::read(response, host, limit).await
    }

    async fn send(&self, request: RequestBuilder, host: &str) -> Result<Response, Error> {
        let sent = unless_silent(host, request.send()).await?;
        sent.map_err(|error| Error::sending(host.to_owned(), self.proxy, error))
    }
}

/// The one part of an address that may be told: `host` or `host:port`.
pub(crate) fn host_of(url: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("the server");
    match url.as_ref().and_then(Url::port) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// What the other side does, unless it does nothing for too long.
async fn unless_silent<T>(host: &str, what: impl Future<Output = T>) -> Result<T, Error> {
    let silent = |_| Error::Silence {
        host: host.to_owned(),
    };
    timeout(SILENCE_LIMIT, what).await.map_err(silent)
}
