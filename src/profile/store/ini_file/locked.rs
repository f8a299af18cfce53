//! A `keeper.ini` that is being changed.

use std::rc::Rc;

use async_trait::async_trait;

use super::IniFile;
use crate::private_file::Lock;
use crate::profile::config::{Config, Member};
use crate::profile::ini::{self, Document, SETTINGS};
use crate::profile::name::ProfileName;
use crate::profile::store::pending::{Binds, files};
use crate::profile::store::{Edit, Error, KINDS, STORAGE, Store};
use crate::sensitive::Sensitive;

/// At least the bytes that a profile's keys take in a file.
const KEYS_SIZE: usize = 2048;

#[derive(Debug)]
pub(super) struct LockedFile {
    pub(super) file: IniFile,
    pub(super) lock: Lock,
}

impl LockedFile {
    fn change(
        &mut self,
        change: impl FnOnce(&mut Document) -> Result<(), ini::Error>,
    ) -> Result<(), Error> {
        self.file.document.add_settings();
        change(&mut self.file.document).map_err(|source| self.file.broken(source))
    }

    fn text(&self, document: &Document) -> Result<Sensitive<String>, Error> {
        let text = document.render_checked();
        text.map_err(|source| self.file.broken(source))
    }
}

#[async_trait(?Send)]
impl Edit for LockedFile {
    fn store(&self) -> &dyn Store {
        &self.file
    }

    fn binds(&self) -> &dyn Binds {
        &self.lock
    }

    fn set_setting(&mut self, key: &str, value: Option<&str>) -> Result<(), Error> {
        self.change(|document| document.set(SETTINGS, key, value))
    }

    fn write(&mut self, name: &ProfileName, config: &Config) -> Result<(), Error> {
        let name = name.as_str();
        self.change(|document| {
            clear_reference(document, name);
            config.put_section(document, name)
        })
    }

    /// The one line, whatever else the section says.
    fn write_member(
        &mut self,
        name: &ProfileName,
        config: &Config,
        member: Member,
    ) -> Result<(), Error> {
        let set = |document: &mut Document| {
            document.set(name.as_str(), &member.key(), config.get(member))
        };
        set(&mut self.file.document).map_err(|source| self.file.broken(source))
    }

    fn write_reference(&mut self, name: &ProfileName, keys: &dyn Store) -> Result<(), Error> {
        let name = name.as_str();
        self.change(|document| {
            Config::clear_section(document, name);
            clear_reference(document, name);
            document.set(name, STORAGE, Some(keys.storage()))?;
            for (key, value) in keys.reference() {
                document.set(name, key, Some(value.expose()))?;
            }
            Ok(())
        })
    }

    fn write_all(&mut self, other: &Document) -> Result<(), Error> {
        if self.lock.is_new() && self.file.names().is_empty() {
            self.file.document = other.clone();
        }
        self.change(|document| {
            let mut names = other.profiles();
            names.try_for_each(|name| document.copy_section(other, name))
        })
    }

    fn set_name(&mut self, name: &ProfileName, to: &ProfileName) -> Result<(), Error> {
        self.file.document.rename(name.as_str(), to.as_str());
        self.change(|_| Ok(()))
    }

    fn remove(&mut self, name: &ProfileName) -> Result<(), Error> {
        self.file.document.remove(name.as_str());
        self.change(|_| Ok(()))
    }

    async fn check_writable(&self, name: &ProfileName) -> Result<(), Error> {
        let mut document = self.file.document.clone();
        document.add_settings();
        let put = Config::default().put_section(&mut document, name.as_str());
        put.map_err(|source| self.file.broken(source))?;
        let text = self.text(&document)?;
        Ok(self.lock.check_writable(text.expose().len() + KEYS_SIZE)?)
    }

    async fn save(&mut self) -> Result<(), Error> {
        let text = self.text(&self.file.document)?;
        files::sweep(self.lock.path());
        let bytes = text.expose().as_bytes();
        Ok(self.lock.replace(bytes)?)
    }

    async fn saved(&self) -> Result<Rc<dyn Store>, Error> {
        Ok(Rc::new(self.file.clone().opened()?))
    }
}

/// Takes every entry out of section `name` that refers to a store.
fn clear_reference(document: &mut Document, name: &str) {
    let entries = KINDS.iter().flat_map(|kind| kind.entries);
    for entry in entries.chain([&STORAGE]) {
        document.unset(name, entry);
    }
}
