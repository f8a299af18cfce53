//! Fetching the content of an attachment from the link that an answer gave for it.

use std::time::Instant;

use tokio::time::sleep;

use super::attachment::Attachment;
use super::client::Notice;
use super::error::Error;
use crate::http::{self, Answer, Http};
use crate::wire::event::{Attempt, Event};
use crate::wire::payload::Effect;
use crate::wire::retry::History;
use crate::wire::session::jitter;

/// Room for a file beyond what its metadata says, and for one without.
const LARGEST_SURPRISE: u64 = 64 << 20;

/// One file on its way here.
pub(super) struct Download<'a> {
    http: &'a Http,
    listener: &'a dyn Fn(Notice),
    history: History,
    /// How often it was asked for.
    number: u32,
}

impl<'a> Download<'a> {
    pub(super) fn new(http: &'a Http, listener: &'a dyn Fn(Notice)) -> Self {
        Self {
            http,
            listener,
            history: History::default(),
            number: 0,
        }
    }

    /// What the storage says to the link. A mishap on the way is got over as with any other read (decision D19);
    /// silence, the one limit that a transfer has, is not waited for again (D18).
    pub(super) async fn fetch(&mut self, file: &Attachment) -> Result<Answer, Error> {
        let url = file
            .url()
            .ok_or_else(|| Error::NotUploaded(file.uid().clone()))?;
        let size = file.size().unwrap_or_default();
        loop {
            let outcome = self.ask(url, size.saturating_add(LARGEST_SURPRISE)).await;
            let lost = match &outcome {
                Ok(answer) => answer.status >= 500,
                Err(error) => error.may_pass() && !matches!(error, http::Error::Silence { .. }),
            };
            let pause = match lost {
                true => self.history.repeat(Effect::Read, jitter()?),
                false => None,
            };
            let Some(pause) = pause else {
                return Ok(outcome?);
            };
            (self.listener)(Notice::Session(Event::Repeated(pause)));
            sleep(pause).await;
        }
    }

    async fn ask(&mut self, url: &str, limit: u64) -> Result<Answer, http::Error> {
        self.number += 1;
        let begun = Instant::now();
        let progress = |progress| (self.listener)(Notice::Progress(progress));
        let outcome = self.http.get(url, limit, &progress).await;
        (self.listener)(Notice::Session(Event::Attempt(Attempt {
            endpoint: "download",
            host: http::host_of(url),
            number: self.number,
            end: match &outcome {
                Ok(answer) => Ok(answer.status),
                Err(error) => Err(error.to_string()),
            },
            took: begun.elapsed(),
        })));
        outcome
    }
}
