//! Requests of any method and headers, for services other than the vault.

use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::Method;
use tokio::time::timeout;

use super::answer::{LARGEST_RESERVE, read};
use super::client::{Client, Message};
use super::url::Url;
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

impl<'a> Request<'a> {
    fn message(self) -> Message<'a> {
        Message {
            method: self.method,
            headers: self.headers,
            body: Either::Left(Full::from(self.body)),
        }
    }
}

impl Http {
    /// Sends `request` once, over TLS. An answer of any status is an answer, a redirect too.
    pub async fn ask(&self, request: Request<'_>) -> Result<Answer, Error> {
        let (host, limit) = (host_of(request.url), request.limit);
        let url = super::https(request.url)?;
        let response = self.send(&url, request.message()).await?;
        read(response, host, limit, LARGEST_RESERVE, &|_| {}).await
    }
}

/// Sends `request` once within `patience`, by a client that knows no proxy.
pub(super) async fn ask_within(
    client: &Client,
    url: &Url,
    request: Request<'_>,
    patience: Duration,
) -> Result<Answer, Error> {
    let (host, limit) = (host_of(request.url), request.limit);
    let silent = Error::Silence { host: host.clone() };
    let asked = async {
        let response = client.send(url, request.message()).await?;
        read(response, host, limit, LARGEST_RESERVE, &|_| {}).await
    };
    timeout(patience, asked).await.unwrap_or(Err(silent))
}
