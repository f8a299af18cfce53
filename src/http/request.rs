//! One request of any method and headers, over TLS or to this machine.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};

use super::answer::{LARGEST_RESERVE, read};
use super::{Answer, Error, Http, host_of};

/// Prints as its method: the rest may be, or hold, a credential.
pub struct Request<'a> {
    pub method: Method,
    pub url: &'a str,
    /// Besides those that every request has.
    pub headers: &'a [(&'a str, String)],
    pub body: Vec<u8>,
    /// The most bytes that an answer may have.
    pub limit: u64,
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({:?})", self.method)
    }
}

impl Request<'_> {
    pub(super) fn prepare(self, client: &Client) -> RequestBuilder {
        let request = client.request(self.method, self.url).body(self.body);
        let headers = self.headers.iter();
        headers.fold(request, |request, (name, value)| {
            request.header(*name, value)
        })
    }
}

impl Http {
    /// Sends `request` once, over TLS. An answer of any status is an answer, a redirect too.
    pub async fn ask(&self, request: Request<'_>) -> Result<Answer, Error> {
        let (url, limit) = (request.url, request.limit);
        let response = self.send(request.prepare(&self.client), url).await?;
        read(response, host_of(url), limit, LARGEST_RESERVE, &|_| {}).await
    }
}

/// Sends `request` once within `patience`, by a client that knows no proxy.
pub(super) async fn ask_within(
    client: &Client,
    request: Request<'_>,
    patience: Duration,
) -> Result<Answer, Error> {
    let (host, limit) = (host_of(request.url), request.limit);
    let sent = request.prepare(client).timeout(patience).send().await;
    let response = sent.map_err(|error| Error::sending(host.clone(), None, error))?;
    read(response, host, limit, LARGEST_RESERVE, &|_| {}).await
}
