//! Uploads and downloads of files. Their addresses are credentials, so they get no header of ours and https only.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Body, Client, Response, Url};
use tokio::time::{Instant, timeout};

use super::answer::read;
use super::lookup::Reach;
use super::{Answer, Error, Http, MultipartForm, Progress, host_of};
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
        let host = host_of(link);
        let (total, taken) = (form.length(), form.taken());
        let request = client
            .post(url)
            .header(CONTENT_TYPE, form.content_type())
            .body(Body::wrap(form));
        let mut sent = pin!(request.send());
        let (mut done, mut since) = (0, Instant::now());
        let response = loop {
            if let Ok(sent) = timeout(PROGRESS_INTERVAL, &mut sent).await {
                break match sent {
                    Ok(response) => response,
                    Err(error) => return Err(self.unsent(link, error).await),
                };
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
            let response = self.send(client.get(url.clone()), url.as_str()).await?;
            match redirect_of(&response, &url) {
                Some(next) => url = next,
                None => {
                    return read(response, host_of(url.as_str()), limit, limit, listener).await;
                }
            }
        }
        Err(Error::Redirects {
            host: host_of(url.as_str()),
        })
    }

    /// Fails for what no vault may lead to (D38).
    async fn client_for(&self, link: &Url, reach: Reach) -> Result<&Client, Error> {
        let host = || host_of(link.as_str());
        if link.scheme() != "https" {
            return Err(Error::PlaintextLink);
        }
        if !link.username().is_empty() || link.password().is_some() {
            return Err(Error::UserLink { host: host() });
        }
        if !reach.allows(link).await {
            return Err(Error::PrivateLink { host: host() });
        }
        match (reach, self.proxy_before(link.as_str())) {
            (Reach::Public, None) => self.public_client(),
            _ => Ok(&self.client),
        }
    }
}

/// The addresses that a link to `url` may lead to.
async fn reach(url: &Url, origin: &str) -> Reach {
    match Url::parse(origin) {
        Ok(origin) if origin.host_str() == url.host_str() => Reach::Anywhere,
        Ok(origin) => Reach::from(&origin).await,
        Err(_) => Reach::Public,
    }
}

fn parse(link: &str) -> Result<Url, Error> {
    Url::parse(link).map_err(|_| Error::Link)
}

fn redirect_of(response: &Response, from: &Url) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    from.join(response.headers().get(LOCATION)?.to_str().ok()?)
        .ok()
}
