//! What stores know of the run they serve.

use std::fmt;
use std::rc::Rc;

use crate::environment::Environment;
use crate::http::{self, Http, Settings};
use crate::keyring::Tell;

/// What a store knows of the run it serves. `tell` says to its user that something waits for them.
#[derive(Clone)]
pub struct StoreContext {
    pub environment: Rc<Environment>,
    pub tell: Tell,
    /// Is told the setting because of which a connection is not verified.
    pub unverified: Tell,
    /// No server may be asked.
    pub offline: bool,
}

impl StoreContext {
    pub fn connect(&self) -> Result<Http, http::Error> {
        self.connect_by(Settings::from_environment(&self.environment)?)
    }

    pub fn connect_by(&self, settings: Settings) -> Result<Http, http::Error> {
        match self.offline {
            true => Err(http::Error::Offline),
            false => Http::new(&settings, &*self.unverified),
        }
    }
}

/// Nobody is told anything.
impl From<Environment> for StoreContext {
    fn from(environment: Environment) -> Self {
        Self {
            environment: Rc::new(environment),
            tell: Rc::new(|_| {}),
            unverified: Rc::new(|_| {}),
            offline: false,
        }
    }
}

impl fmt::Debug for StoreContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreContext")
    }
}
