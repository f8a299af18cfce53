//! Uploads and downloads of files. Their addresses are credentials, so they get no header of ours and https only.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Body, Response, Url};
use tokio::time::{Instant, timeout};

use super::answer::read;
use super::{Answer, Error, Http, MultipartForm, Progress, host_of};
use crate::limits::{self, Limit};

/// The progress of an upload is read this often.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(100);

impl Http {
    /// Posts a form to an address that is itself a credential. A redirect counts as an answer.
    pub async fn post_form(
        &self,
        url: &str,
        form: MultipartForm,
        listener: &dyn Fn(Progress),
    ) -> Result<Answer, Error> {
        let url = parse(url)?;
        let host = host_of(url.as_str());
        let (total, taken) = (form.length(), form.taken());
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, form.content_type())
            .body(Body::wrap(form));
        let mut sent = pin!(request.send());
        let (mut done, mut since) = (0, Instant::now());
        let response = loop {
            if let Ok(sent) = timeout(PROGRESS_INTERVAL, &mut sent).await {
                break sent.map_err(|error| Error::sending(host.clone(), self.proxy, error))?;
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

    /// Fetches a file from a link that is itself a credential, following a few redirects to https.
    pub async fn get(
        &self,
        url: &str,
        limit: u64,
        listener: &dyn Fn(Progress),
    ) -> Result<Answer, Error> {
        let mut url = parse(url)?;
        for _ in 0..=limits::REDIRECTS {
            let host = host_of(url.as_str());
            let response = self.send(self.client.get(url.clone()), &host).await?;
            match redirect_of(&response, &url) {
                Some(next) if next.scheme() == "https" => url = next,
                Some(_) => return Err(Error::PlaintextLink),
                None => return read(response, host, limit, limit, listener).await,
            }
        }
        Err(Error::Redirects {
            host: host_of(url.as_str()),
        })
    }
}

pub(super) fn parse(url: &str) -> Result<Url, Error> {
    let url = Url::parse(url).map_err(|_| Error::Link)?;
    if url.scheme() == "https" {
        Ok(url)
    } else {
        Err(Error::PlaintextLink)
    }
}

fn redirect_of(response: &Response, from: &Url) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    from.join(response.headers().get(LOCATION)?.to_str().ok()?)
        .ok()
}
