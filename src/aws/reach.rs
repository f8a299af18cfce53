//! How requests get to AWS: over TLS like every other, or to a service of this machine.

use std::time::Duration;

use crate::http::local::is_local;
use crate::http::{Answer, Error, Http, LocalHttp, Request};

/// As long as any other connection may be silent: it may be an emulator of AWS that has to start.
const LOCAL_PATIENCE: Duration = Duration::from_secs(30);

/// Both ways.
#[derive(Debug)]
pub(super) struct Reach {
    http: Http,
    local: LocalHttp,
}

impl Reach {
    pub(super) fn new(http: Http) -> Result<Self, Error> {
        Ok(Self {
            http,
            local: LocalHttp::new()?,
        })
    }

    /// Asks once, in the way that the address calls for.
    pub(super) async fn ask(&self, request: Request<'_>) -> Result<Answer, Error> {
        match is_local(request.url) {
            true => self.local.ask(request, LOCAL_PATIENCE).await,
            false => self.http.ask(request).await,
        }
    }

    /// Asks a service of this machine, which may not be there.
    pub(super) async fn ask_local(
        &self,
        request: Request<'_>,
        patience: Duration,
    ) -> Result<Answer, Error> {
        self.local.ask(request, patience).await
    }
}
