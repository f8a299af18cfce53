//! No items: a build without the feature `keyring`, or for a system whose keyring nobody here knows.

use super::{Error, Tell};
use crate::environment::Environment;
use crate::sensitive::Sensitive;

/// Cannot be had, so nothing below can be called.
pub(super) enum Items {}

pub(super) const IS_BUILT: bool = false;

pub(super) fn obstacle(_: &Environment) -> Option<&'static str> {
    Some("this build uses none")
}

impl Items {
    pub(super) async fn open(_: &Environment, _: &Tell) -> Result<Self, Error> {
        Err(Error::NotBuilt)
    }

    pub(super) async fn has(&self, _: &str) -> Result<bool, Error> {
        match *self {}
    }

    pub(super) async fn get(&self, _: &str) -> Result<Option<Sensitive<String>>, Error> {
        match *self {}
    }

    pub(super) async fn set(&self, _: &str, _: &Sensitive<String>) -> Result<(), Error> {
        match *self {}
    }

    pub(super) async fn remove(&self, _: &str) -> Result<(), Error> {
        match *self {}
    }

    pub(super) async fn users(&self) -> Result<Vec<String>, Error> {
        match *self {}
    }
}
