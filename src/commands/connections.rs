//! The connections of a run: whether there may be any, how they are secured, what is said of them, and how long one waits.

use std::rc::Rc;
use std::time::Duration;

use ksm::environment::names;
use ksm::http::verifier::Verification;
use ksm::http::{self, Http, Settings};
use ksm::keyring::Tell;
use ksm::limits;
use ksm::vault::Connection;
use ksm::wire::endpoint::HostName;
use ksm::wire::session::CLIENT_VERSION;

use super::context::Context;
use crate::failure::{Code, Failure, Result};

impl Context {
    /// The host that replaces every stored one.
    pub(crate) fn host(&self) -> Result<Option<HostName>> {
        let host = self.environment.text(names::KSM_HOSTNAME);
        let host = host.as_deref().map(HostName::parse).transpose();
        host.map_err(|error| Failure::new(Code::Local, error).while_doing(names::KSM_HOSTNAME))
    }

    pub(crate) fn http(&self) -> Result<Http> {
        Ok(self.store_context().connect()?)
    }

    /// Connects without verification, because of `option`.
    pub(crate) fn unverified_http(&self, option: &'static str) -> Result<Http> {
        let mut settings = Settings::from_environment(&self.environment)?;
        settings.verification = Verification::Skipped(option);
        Ok(self.store_context().connect_by(settings)?)
    }

    pub(crate) fn may_connect(&self) -> Result<()> {
        match self.globals.offline {
            true => Err(http::Error::Offline.into()),
            false => Ok(()),
        }
    }

    /// Checks the variables for connections, for a request that the library makes on its own.
    pub(crate) fn check_connection_settings(&self) -> Result<()> {
        Ok(Settings::from_environment(&self.environment).map(drop)?)
    }

    /// Warns once, however many connections a run makes.
    pub(super) fn unverified(&self) -> Tell {
        let (messages, warned) = (self.messages, Rc::clone(&self.warned_of_skipping));
        Rc::new(move |setting| {
            if !warned.replace(true) {
                messages.warn(&format!(
                    "{setting} is set: servers are not checked to be who they say they are"
                ));
            }
        })
    }

    pub(crate) fn connection(&self) -> Result<Connection> {
        self.connection_by(self.http()?)
    }

    pub(crate) fn connection_by(&self, http: Http) -> Result<Connection> {
        let version = self.environment.text(names::KSM_CLIENT_VERSION);
        Ok(Connection {
            http,
            client_version: version.unwrap_or_else(|| CLIENT_VERSION.to_owned()),
            longest_wait: self.longest_wait()?,
            listener: self.notices.listener(),
        })
    }

    pub(crate) fn longest_wait(&self) -> Result<Duration> {
        if let Some(seconds) = self.globals.max_wait {
            return Ok(Duration::from_secs(seconds));
        }
        match self.environment.text(names::KSM_MAX_WAIT) {
            None => Ok(limits::THROTTLING),
            Some(text) => {
                text.trim().parse().map(Duration::from_secs).map_err(|_| {
                    Failure::new(Code::Local, "KSM_MAX_WAIT is not a number of seconds")
                })
            }
        }
    }
}
