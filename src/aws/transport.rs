//! Requests to AWS: over TLS, or to a service of this machine. Each has an end, however slowly the answer comes.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::error::Error;
use crate::http::local::is_local;
use crate::http::{self, Answer, Http, LocalHttp, Request, host_of};
use crate::limits;

/// Clones share their connections.
#[derive(Debug, Clone)]
pub(super) struct Transport {
    http: Http,
    local: LocalHttp,
}

/// The end of a call, with all its requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(Instant);

impl Deadline {
    pub(super) fn of_call() -> Self {
        Self(Instant::now() + limits::CALL)
    }

    pub(super) fn leaves(self, pause: Duration) -> bool {
        Instant::now() + pause < self.0
    }
}

impl Transport {
    pub(super) fn new(http: Http) -> Result<Self, http::Error> {
        Ok(Self {
            http,
            local: LocalHttp::new()?,
        })
    }

    /// The address decides about the way.
    pub(super) async fn ask(
        &self,
        request: Request<'_>,
        deadline: Deadline,
    ) -> Result<Answer, Error> {
        let host = host_of(request.url);
        let asked = async {
            match is_local(request.url) {
                // The address may be that of an emulator, which has to start.
                true => self.local.ask(request, limits::SILENCE).await,
                false => self.http.ask(request).await,
            }
        };
        match timeout_at(deadline.0, asked).await {
            Ok(answered) => Ok(answered?),
            Err(_) => Err(Error::Deadline { host }),
        }
    }

    pub(super) async fn ask_local(
        &self,
        request: Request<'_>,
        patience: Duration,
    ) -> Result<Answer, http::Error> {
        self.local.ask(request, patience).await
    }
}
