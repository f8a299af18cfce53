//! Uploads and downloads of files. Their addresses are credentials, so they get no header of ours and https only.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::header::LOCATION;
use tokio::time::{Instant, timeout};

use super::answer::read;
use super::client::{Client, Message, Response};
use super::lookup::Reach;
use super::url::{Scheme, Url};
use super::{Answer, Error, Http, Method, MultipartForm, Progress, unless_silent};
use crate::limits::{self, Limit};

/// The progress of an upload is read this often.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

impl Http {
    /// Posts a form to an address that is itself a credential. A redirect counts as an answer. `origin` is the address of
    /// the vault that gave the link.
    pub async fn post_form(
        &self,
        link: &str,
        origin: &str,
        form: MultipartForm,
        listener: &dyn Fn(Progress),
    ) -> Result<Answer, Error> {
        let url = parse(link)?;
        let client = self.client_for(&url, reach(&url, origin).await).await?;
        let host = url.host_and_port();
        let (total, taken) = (form.length(), form.taken());
        let message = Message {
            method: Method::POST,
            headers: &[("Content-Type", form.content_type())],
            body: Either::Right(form),
        };
        let mut sent = pin!(client.send(&url, message));
        let (mut done, mut since) = (0, Instant::now());
        let response = loop {
            if let Ok(sent) = timeout(PROGRESS_INTERVAL, &mut sent).await {
                break sent?;
            }
            let now = taken.load(Ordering::Relaxed);
            if now != done {
                (done, since) = (now, Instant::now());
                listener(Progress { done, total });
            } else if since.elapsed() >= limits::SILENCE {
                return Err(Error::Silence { host });
            }
        };
        read(response, host, Limit::UPLOAD_ANSWER.bytes(), 0, &|_| {}).await
    }

    /// Fetches a file from a link that is itself a credential, following a few redirects. `origin` is the address of the
    /// vault that gave the link.
    pub async fn get(
        &self,
        link: &str,
        origin: &str,
        limit: u64,
        listener: &dyn Fn(Progress),
    ) -> Result<Answer, Error> {
        let mut url = parse(link)?;
        for _ in 0..=limits::REDIRECTS {
            let client = self.client_for(&url, reach(&url, origin).await).await?;
            let host = url.host_and_port();
            let question = Message {
                method: Method::GET,
                headers: &[],
                body: Either::Left(Full::default()),
            };
            let response = unless_silent(&host, client.send(&url, question)).await??;
            match redirect_of(&response, &url)? {
                Some(next) => url = next,
                None => return read(response, host, limit, limit, listener).await,
            }
        }
        Err(Error::Redirects {
            host: url.host_and_port(),
        })
    }

    /// Fails for what no vault may lead to (D38).
    async fn client_for(&self, link: &Url, reach: Reach) -> Result<&Client, Error> {
        let host = || link.host_and_port();
        if link.scheme() != Scheme::Https {
            return Err(Error::PlaintextLink);
        }
        if link.has_user() {
            return Err(Error::UserLink { host: host() });
        }
        if !reach.allows(link).await {
            return Err(Error::PrivateLink { host: host() });
        }
        let has_proxy = self.proxy.as_ref().is_some_and(|proxy| proxy.serves(link));
        Ok(match (reach, has_proxy) {
            (Reach::Public, false) => &self.public,
            _ => &self.client,
        })
    }
}

/// The addresses that a link to `url` may lead to.
async fn reach(url: &Url, origin: &str) -> Reach {
    match Url::parse(origin) {
        Some(origin) if origin.host() == url.host() => Reach::Anywhere,
        Some(origin) => Reach::from(&origin).await,
        None => Reach::Public,
    }
}

fn parse(link: &str) -> Result<Url, Error> {
    match link.split_once("://") {
        Some((scheme, _)) if !scheme.eq_ignore_ascii_case("https") => Err(Error::PlaintextLink),
        _ => Url::parse(link).ok_or(Error::Link),
    }
}

fn redirect_of(response: &Response, from: &Url) -> Result<Option<Url>, Error> {
    let Some(place) = response.headers.get(LOCATION) else {
        return Ok(None);
    };
    if !response.status.is_redirection() {
        return Ok(None);
    }
    let place = place.to_str().map_err(|_| Error::Link)?;
    from.join(place).map(Some).ok_or(Error::Link)
}
