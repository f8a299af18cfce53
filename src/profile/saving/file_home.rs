//! A `keeper.ini` under its lock.

use super::super::contents::Contents;
use super::super::ini;
use super::super::locate::Located;
use super::super::pending::{self, Newcomer, Pending};
use super::super::store::{Error, Store};
use super::super::surroundings::Surroundings;
use crate::private_file::{self, Lock, Policy};
use crate::sensitive::Sensitive;

#[derive(Debug)]
pub(super) struct FileHome {
    pub(super) lock: Lock,
    pub(super) is_new: bool,
    policy: Policy,
}

impl FileHome {
    pub(super) async fn open(
        located: &Located,
        around: &Surroundings<'_>,
    ) -> Result<(Self, Store), Error> {
        let lock = private_file::lock(&located.path).await?;
        let is_new = !lock.path().exists();
        let store = if is_new {
            Store::empty(located)
        } else {
            Store::open(located, around)?
        };
        let home = Self {
            lock,
            is_new,
            policy: located.policy,
        };
        Ok((home, store))
    }

    pub(super) fn prepare(&self, newcomer: &Newcomer<'_>) -> Result<Pending, pending::Error> {
        pending::beside(&self.lock, newcomer)
    }

    pub(super) fn forget(&self, client_id: &str) -> Result<(), Error> {
        Ok(pending::forget_beside(&self.lock, client_id)?)
    }

    /// Tries whether `contents`, which have a profile without its keys yet, can be saved.
    pub(super) fn rehearse(&self, contents: &Contents) -> Result<(), Error> {
        const KEYS: usize = 2048;
        let text = self.text(contents)?;
        Ok(self.lock.rehearse(text.expose().len() + KEYS)?)
    }

    pub(super) fn save(&self, contents: &Contents) -> Result<(), Error> {
        let text = self.text(contents)?;
        pending::sweep(&self.lock);
        let bytes = text.expose().as_bytes();
        match self.policy {
            Policy::Blind => self.lock.replace_like_before(bytes)?,
            Policy::Found | Policy::Named => self.lock.replace(self.lock.path(), bytes)?,
        }
        Ok(())
    }

    fn text(&self, contents: &Contents) -> Result<Sensitive<String>, Error> {
        let text = match contents {
            Contents::Ini(document) => document.render_checked(),
            // A file is never opened as one.
            Contents::Keyring(_) => Err(ini::Error::Layout),
        };
        text.map_err(|source| self.broken(source))
    }

    pub(super) fn broken(&self, source: ini::Error) -> Error {
        Error::Ini {
            path: self.lock.path().to_owned(),
            source,
        }
    }
}
