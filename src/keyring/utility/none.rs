//! No items: as with profiles, a build without the feature `keyring`, or for a system whose keyring nobody here knows.

use super::Error;
use crate::environment::Environment;
use crate::keyring::{Error as KeyringError, Tell};
use crate::sensitive::Sensitive;

/// Cannot be had, so nothing below can be called.
pub enum UtilityItems {}

impl UtilityItems {
    pub async fn open(_: &str, _: &str, _: &Environment, _: &Tell) -> Result<Self, Error> {
        Err(KeyringError::NotBuilt.into())
    }

    pub async fn get(&self, _: &str) -> Result<Sensitive<Vec<u8>>, Error> {
        match *self {}
    }

    pub async fn set(&self, _: &str, _: &Sensitive<Vec<u8>>) -> Result<(), Error> {
        match *self {}
    }

    pub async fn delete(&self, _: &str) -> Result<(), Error> {
        match *self {}
    }
}
