//! The one HTTP client: TLS, proxy and time limits are the same for every connection (security.md N1 to N9).

mod error;
pub mod local;
pub mod probe;
pub mod proxy;
mod request;
pub mod trust;

use std::ffi::OsString;
use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::{Client, RequestBuilder, Response, Url, redirect};

pub use error::Error;
pub use local::Local;
use proxy::Proxy;
pub use request::{Request, Verb};
use trust::{Trust, Verification};

/// How the environment is asked for a variable.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 3;

/// What is no success is a few words, or a web page in the way.
const LARGEST_REFUSAL: u64 = 1 << 20;

/// Room taken for an answer in advance; what is larger grows as it comes.
const LARGEST_RESERVE: u64 = 32 << 20;

/// What the environment says about connections.
#[derive(Debug)]
pub struct Settings {
    trust: Trust,
    proxy: Option<Proxy>,
}

impl Settings {
    /// Reads the variables of decision D17 and checks what they say.
    pub fn from_environment(var: Lookup) -> Result<Self, Error> {
        Ok(Self {
            trust: Trust::from_environment(var)?,
            proxy: Proxy::from_environment(var)?,
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

/// An answer of any status, read whole.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body as sent.
    pub body: Vec<u8>,
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
            .read_timeout(SILENCE_LIMIT)
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
        read(response, host, limit).await
    }

    /// Fetches a file from a link that is itself a credential. A few redirects are followed, to https only.
    pub async fn get(&self, url: &str, limit: u64) -> Result<Answer, Error> {
        let mut url = parse(url)?;
        for _ in 0..=MOST_REDIRECTS {
            let host = host_of(url.as_str());
            let response = self.send(self.client.get(url.clone()), &host).await?;
            match redirect_of(&response, &url) {
                Some(next) if next.scheme() == "https" => url = next,
                Some(_) => return Err(Error::PlaintextLink),
                None => return read(response, host, limit).await,
            }
        }
        Err(Error::Redirects {
            host: host_of(url.as_str()),
        })
    }

    async fn send(&self, request: RequestBuilder, host: &str) -> Result<Response, Error> {
        let sent = request.send().await;
        sent.map_err(|error| Error::sending(host.to_owned(), self.proxy, error))
    }
}

fn parse(url: &str) -> Result<Url, Error> {
    let url = Url::parse(url).map_err(|_| Error::Link)?;
    if url.scheme() == "https" {
        Ok(url)
    } else {
        Err(Error::PlaintextLink)
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

fn redirect_of(response: &Response, from: &Url) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    from.join(response.headers().get(LOCATION)?.to_str().ok()?)
        .ok()
}

async fn read(mut response: Response, host: String, limit: u64) -> Result<Answer, Error> {
    let limit = match response.status().is_success() {
        true => limit,
        false => limit.min(LARGEST_REFUSAL),
    };
    let announced = response.content_length().unwrap_or_default();
    if announced > limit {
        return Err(Error::TooLarge { host, limit });
    }
    let mut body =
        Vec::with_capacity(usize::try_from(announced.min(LARGEST_RESERVE)).unwrap_or_default());
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| Error::reading(host.clone(), error))?
    {
        if (body.len() + chunk.len()) as u64 > limit {
            return Err(Error::TooLarge { host, limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: response.status().as_u16(),
        body,
    })
}
