//! Requests to AWS: over TLS, or to a service of this machine.

use std::time::Duration;

use crate::http::local::is_local;
use crate::http::{Answer, Error, Http, LocalHttp, Request};
use crate::limits;

/// As long as any other connection may be silent: the address may be that of an emulator, which has to start.
const LOCAL_PATIENCE: Duration = limits::SILENCE;

#[derive(Debug)]
pub(super) struct Transport {
    http: Http,
    local: LocalHttp,
}

impl Transport {
    pub(super) fn new(http: Http) -> Result<Self, Error> {
        Ok(Self {
            http,
            local: LocalHttp::new()?,
        })
    }

    /// The address decides about the way.
    pub(super) async fn ask(&self, request: Request<'_>) -> Result<Answer, Error> {
        match is_local(request.url) {
            true => self.local.ask(request, LOCAL_PATIENCE).await,
            false => self.http.ask(request).await,
        }
    }

    pub(super) async fn ask_local(
        &self,
        request: Request<'_>,
        patience: Duration,
    ) -> Result<Answer, Error> {
        self.local.ask(request, patience).await
    }
}
