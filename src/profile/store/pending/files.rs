//! Binds under way in files: `.<name>.<id>.pending` beside a store, or in a private place where there is no store.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::{Binds, LIFETIME, id};
use crate::environment::Environment;
use crate::private_file::{self, Content, Lock, Policy};
use crate::profile::store::error::Error;
use crate::sensitive::Sensitive;

const SUFFIX: &str = ".pending";

/// The name of the file for a bind with the store at `store`.
fn name(store: &Path, id: &str) -> String {
    let name = store.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name}.{id}{SUFFIX}")
}

fn path(store: &Path, id: &str) -> PathBuf {
    store.with_file_name(name(store, id))
}

fn read(path: &Path) -> Option<Sensitive<String>> {
    usable(private_file::read(path, Policy::Found { invoker: None }))
}

/// A file that does not serve is as good as none: it is written again.
fn usable(content: Result<Content, private_file::Error>) -> Option<Sensitive<String>> {
    let (bytes, _) = content.ok()?;
    let text = std::str::from_utf8(bytes.expose()).ok()?;
    Some(text.to_owned().into())
}

/// Whether a bind of this device was begun with the store at `store`.
pub(in crate::profile::store) fn has_bind(store: &Path, client_id: &str) -> bool {
    let text = read(&path(store, &id(client_id)));
    text.is_some_and(|text| super::read(text.expose(), client_id).is_some())
}

/// Removes what nobody came back for.
pub(in crate::profile::store) fn sweep(store: &Path) {
    let name = store.file_name().unwrap_or_default();
    let prefix = format!(".{}.", name.to_string_lossy());
    let is_bind = |name: &str| name.starts_with(&prefix) && name.ends_with(SUFFIX);
    private_file::sweep_old(store, is_bind, LIFETIME);
}

/// Beside the file that is locked.
#[async_trait(?Send)]
impl Binds for Lock {
    async fn kept_bind(&self, id: &str) -> Option<Sensitive<String>> {
        sweep(self.path());
        usable(self.read_beside(&name(self.path(), id)))
    }

    async fn keep_bind(&self, id: &str, text: &Sensitive<String>) -> Result<(), Error> {
        Ok(self.replace_beside(&name(self.path(), id), text.expose().as_bytes())?)
    }

    async fn forget_bind(&self, id: &str) -> Result<(), Error> {
        Ok(self.remove_beside(&name(self.path(), id))?)
    }
}

/// Binds of devices for others, which no store here keeps: in the first private place that takes them.
#[derive(Debug)]
pub struct PlacedBinds(Vec<PathBuf>);

impl PlacedBinds {
    pub fn new(environment: &Environment) -> Self {
        let places = private_file::places(environment).into_iter();
        Self(places.map(|place| place.join("ksm-init")).collect())
    }
}

#[async_trait(?Send)]
impl Binds for PlacedBinds {
    async fn kept_bind(&self, id: &str) -> Option<Sensitive<String>> {
        self.0.iter().for_each(|place| sweep(place));
        let mut texts = self.0.iter().filter_map(|place| read(&path(place, id)));
        texts.next()
    }

    async fn keep_bind(&self, id: &str, text: &Sensitive<String>) -> Result<(), Error> {
        let text = text.expose().as_bytes();
        let mut places = self.0.iter().map(|place| path(place, id));
        let is_kept = places.any(|path| private_file::replace(&path, text).is_ok());
        is_kept.then_some(()).ok_or(Error::NoPrivatePlace)
    }

    async fn forget_bind(&self, id: &str) -> Result<(), Error> {
        for file in self.0.iter().map(|place| path(place, id)) {
            let _ = private_file::remove(&file);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_contains_store_and_device() {
        // printf %s client | sha256sum
        assert_eq!(
            path(Path::new("/x/my.ini"), &id("client")),
            Path::new("/x/.my.ini.948fe603f61dc036.pending")
        );
    }
}
