//! The loop of a call: seal, post, open, and repeat where that is allowed.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::Error;
use super::endpoint::HostName;
use super::envelope::{self, ReplyKey};
use super::event::{self, Attempt, Event};
use super::payload::{Payload, SignedPayload};
use super::reply::Refusal;
use super::retry::{History, Step};
use super::server_key::{KeyId, ServerKey};
use super::transport::{self, PostOutcome};
use crate::buffer::Buffer;
use crate::crypto::{random, signing::SigningKey};
use crate::http::Http;
use crate::limits;
use crate::sensitive::Sensitive;

/// The official clients of this family call themselves so (D7).
pub const CLIENT_VERSION: &str = "mr17.3.0";

/// The requests of one device to one host.
pub struct Session {
    pub http: Http,
    pub host: HostName,
    server_key: RefCell<ServerKey>,
    // The server may name another of the published keys once.
    key_changed: Cell<bool>,
    learned_key: Cell<Option<KeyId>>,
    pub signer: Signer,
    options: SessionOptions,
}

/// Signs the requests of a session.
#[derive(Debug, Clone)]
pub struct Signer {
    /// In B64.
    pub client_id: String,
    pub signing_key: SigningKey,
}

pub struct SessionOptions {
    pub client_version: String,
    /// Bounds the sum of throttling waits in one call.
    pub longest_wait: Duration,
    pub listener: Box<dyn Fn(Event)>,
}

impl Session {
    pub fn new(
        http: Http,
        host: HostName,
        server_key: ServerKey,
        signer: Signer,
        options: SessionOptions,
    ) -> Self {
        Self {
            http,
            host,
            server_key: RefCell::new(server_key),
            key_changed: Cell::new(false),
            learned_key: Cell::new(None),
            signer,
            options,
        }
    }

    /// The id of the key that requests are encrypted to.
    pub fn server_key_id(&self) -> KeyId {
        self.server_key.borrow().id()
    }

    /// Takes the id of the key that the server asked for instead of the first one, and then proved to have.
    pub fn take_learned_key(&self) -> Option<KeyId> {
        self.learned_key.take()
    }

    /// Sends `payload` until it is answered. The opened answer is JSON, or empty for most writes.
    pub async fn call<P: Payload>(&self, payload: P) -> Result<Sensitive<Buffer>, Error> {
        let signed = SignedPayload {
            client_version: self.options.client_version.clone(),
            client_id: self.signer.client_id.clone(),
            payload,
        };
        let mut key = self.server_key.borrow().clone();
        let first_key = key.id();
        let mut history = History::new(self.key_changed.get());
        let mut deadline = Instant::now() + limits::CALL;
        let mut number = 0;
        loop {
            number += 1;
            let begun = Instant::now();
            let attempt = timeout_at(deadline, self.attempt(&key, &signed)).await;
            let attempt = attempt.unwrap_or_else(|_| Err(self.too_late()));
            (self.options.listener)(Event::Attempt(Attempt {
                endpoint: P::ENDPOINT,
                host: self.host.to_string(),
                number,
                end: event::end_of(attempt.as_ref().map(|(outcome, _)| outcome)),
                took: begun.elapsed(),
            }));
            let (outcome, reply_key) = attempt?;
            let step = match outcome {
                PostOutcome::Answer(body) => {
                    let plain = reply_key.open(body)?;
                    // An empty answer proves no key, so nothing is learned from it.
                    if key.id() != first_key && !plain.expose().is_empty() {
                        self.learned_key.set(Some(key.id()));
                        (self.options.listener)(Event::KeyChanged(key.id()));
                    }
                    return Ok(plain);
                }
                PostOutcome::Refused(refusal) => {
                    let refusal = self.checked_version(refusal)?;
                    history.after_refusal(refusal, &key, self.options.longest_wait, jitter()?)
                }
                PostOutcome::Lost(error) => history
                    .after_loss(P::EFFECT, jitter()?)
                    .map_or(Step::GiveUp(error), Step::Repeat),
            };
            match step {
                Step::UseKey(other) => {
                    self.server_key.replace(other.clone());
                    self.key_changed.set(true);
                    key = other;
                }
                Step::Throttled(wait) => {
                    (self.options.listener)(Event::Throttled(wait));
                    deadline = outlast(wait, deadline).await;
                }
                Step::Repeat(pause) => {
                    (self.options.listener)(Event::Repeated(pause));
                    let paused = timeout_at(deadline, sleep(pause)).await;
                    paused.map_err(|_| self.too_late())?;
                }
                Step::GiveUp(error) => return Err(error),
            }
        }
    }

    /// Draws fresh keys for every attempt (C2).
    async fn attempt<P: Payload>(
        &self,
        key: &ServerKey,
        signed: &SignedPayload<P>,
    ) -> Result<(PostOutcome, ReplyKey), Error> {
        let (envelope, reply_key) = envelope::seal(signed, key, &self.signer.signing_key)?;
        Ok((
            transport::post(&self.http, &self.host, P::ENDPOINT, envelope).await?,
            reply_key,
        ))
    }

    fn too_late(&self) -> Error {
        Error::Deadline {
            host: self.host.to_string(),
            limit: limits::CALL,
        }
    }

    fn checked_version(&self, refusal: Refusal) -> Result<Refusal, Error> {
        match refusal.code.as_str() {
            "invalid_client_version" => Err(Error::ClientVersion {
                version: self.options.client_version.clone(),
                refusal: Box::new(refusal),
            }),
            _ => Ok(refusal),
        }
    }
}

/// Waits, and returns the later deadline: waits that the server demands do not count.
async fn outlast(wait: Duration, deadline: Instant) -> Instant {
    sleep(wait).await;
    deadline + wait
}

/// From 0 to 1, so that many clients do not come back at the same moment.
pub(crate) fn jitter() -> Result<f64, Error> {
    Ok(f64::from(u16::from_ne_bytes(random::bytes()?)) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_is_anywhere_from_none_to_all() {
        let drawn: Vec<f64> = (0..64).map(|_| jitter().unwrap()).collect();
        assert!(drawn.iter().all(|share| (0.0..=1.0).contains(share)));
        for (from, to) in [(0.0, 0.5), (0.5, 1.0)] {
            let half = drawn.iter().filter(|share| (from..to).contains(*share));
            assert!(half.count() > 1, "{drawn:?}");
        }
    }

    #[test]
    fn a_demanded_wait_does_not_count() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().build().unwrap();
        let (wait, deadline) = (Duration::from_millis(20), Instant::now());
        let later = runtime.block_on(outlast(wait, deadline));
        assert_eq!(later, deadline + wait);
        assert!(deadline.elapsed() >= wait);
    }
}
