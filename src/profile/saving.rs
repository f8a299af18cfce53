//! Changing a store: locked, read under the lock, saved whole.

use std::path::Path;

use super::config::Config;
use super::file::{self, Document, SETTINGS};
use super::locate::{Located, Surroundings};
use super::name::ProfileName;
use super::pending::{self, Pending};
use super::store::{Error, Store};
use crate::private_file::{self, Lock, Policy};
use crate::wire::server_key::KeyId;

/// A file that is being changed: locked, and read after the lock was had, so that nobody's change is lost.
#[derive(Debug)]
pub struct Edit {
    /// What it holds so far.
    pub store: Store,
    lock: Lock,
    policy: Policy,
    is_new: bool,
}

impl Edit {
    /// Waits for the lock and reads what is there; nothing may be there yet. Whatever would keep the file from being
    /// saved is found out here, as far as it can be.
    pub async fn begin(located: &Located, around: &Surroundings<'_>) -> Result<Self, Error> {
        let lock = private_file::lock(&located.path).await?;
        let is_new = !lock.path().exists();
        let store = if is_new {
            Store::empty(located)
        } else {
            Store::open(located, around)?
        };
        Ok(Self {
            store,
            lock,
            policy: located.policy,
            is_new,
        })
    }

    /// Whether there was no file yet.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The lock, for files that belong to the store.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// The file, links resolved.
    pub fn path(&self) -> &Path {
        self.lock.path()
    }

    /// Adds or replaces a profile; it becomes the active one if none is.
    pub fn put(&mut self, name: &ProfileName, config: &Config) -> Result<(), Error> {
        let active = self.store.active();
        self.change(|document| {
            document.add_settings();
            config.put_section(document, name.as_str())?;
            match active {
                Some(_) => Ok(()),
                None => document.set(SETTINGS, "active_profile", Some(name.as_str())),
            }
        })
    }

    /// Takes over all profiles of another document; its settings only where there was no file.
    pub fn merge(&mut self, other: Document) -> Result<(), Error> {
        if self.is_new && self.store.names().is_empty() {
            self.store.document = other;
            return self.change(|document| {
                document.add_settings();
                Ok(())
            });
        }
        let active = self.store.active();
        self.change(|document| {
            document.add_settings();
            let names: Vec<String> = other.profiles().map(ToOwned::to_owned).collect();
            for name in &names {
                document.copy_section(&other, name)?;
            }
            match (active, names.first()) {
                (None, Some(first)) => {
                    let theirs = other.get(SETTINGS, "active_profile");
                    let theirs = theirs.filter(|name| names.contains(name.expose()));
                    let name = theirs.map_or(first, |name| name.expose());
                    document.set(SETTINGS, "active_profile", Some(name))
                }
                _ => Ok(()),
            }
        })
    }

    /// Makes a profile, which is known, the active one.
    pub fn activate(&mut self, name: &ProfileName) -> Result<(), Error> {
        self.change(|document| {
            document.add_settings();
            document.set(SETTINGS, "active_profile", Some(name.as_str()))
        })
    }

    /// Removes a profile and its keys. If it was the active one, the only one left takes its place (FIX 9).
    pub fn delete(&mut self, name: &ProfileName) -> Result<(), Error> {
        let device = Config::in_section(&self.store.document, name.as_str()).client_id;
        if let Some(client_id) = device {
            Pending::forget(&self.lock, &client_id)?;
        }
        let was_active = self.store.active().as_ref() == Some(name);
        self.change(|document| {
            document.remove(name.as_str());
            document.add_settings();
            let left: Vec<String> = document.profiles().map(ToOwned::to_owned).collect();
            match left.as_slice() {
                [only] if was_active => document.set(SETTINGS, "active_profile", Some(only)),
                _ if was_active => document.set(SETTINGS, "active_profile", None),
                _ => Ok(()),
            }
        })
    }

    /// Stores the server key the vault asked for, unless the profile is another one by now.
    pub fn set_server_key(
        &mut self,
        name: &ProfileName,
        client_id: &str,
        id: KeyId,
    ) -> Result<(), Error> {
        if self.store.of_device(client_id).as_ref() != Some(name) {
            return Ok(());
        }
        let id = id.to_string();
        self.change(|document| document.set(name.as_str(), "serverpublickeyid", Some(&id)))
    }

    /// Tries whether a file of this size can be saved, and leaves nothing behind.
    pub fn rehearse(&self) -> Result<(), Error> {
        // Room for one more profile on top of what is there.
        const PROFILE: usize = 2048;
        let size = self.store.document.render().expose().len() + PROFILE;
        Ok(self.lock.rehearse(size)?)
    }

    /// Writes the file.
    pub fn save(&self) -> Result<(), Error> {
        pending::sweep(&self.lock);
        let text = self
            .store
            .document
            .render_checked()
            .map_err(|source| self.broken(source))?;
        let bytes = text.expose().as_bytes();
        match self.policy {
            Policy::Blind => self.lock.replace_like_before(bytes)?,
            Policy::Found | Policy::Named => self.lock.replace(self.lock.path(), bytes)?,
        }
        Ok(())
    }

    fn change(
        &mut self,
        edit: impl FnOnce(&mut Document) -> Result<(), file::Error>,
    ) -> Result<(), Error> {
        edit(&mut self.store.document).map_err(|source| self.broken(source))
    }

    fn broken(&self, source: file::Error) -> Error {
        Error::Ini {
            path: self.lock.path().to_owned(),
            source,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const OFFICIAL: &str = "[_config]\nactive_profile = a\ncolor = True\ncache = False\nrecord_type_dir\neditor\n\
                            editor_use_blocking = False\neditor_process_name\n\n";

    async fn edit(text: Option<&str>, change: impl FnOnce(&mut Edit)) -> String {
        let home = tempfile::tempdir().unwrap();
        let located = Located {
            path: home.path().join("keeper.ini"),
            policy: Policy::Found,
        };
        if let Some(text) = text {
            std::fs::write(&located.path, text).unwrap();
        }
        let around = Surroundings {
            var: &|_| None,
            directory: None,
        };
        let mut edit = Edit::begin(&located, &around).await.unwrap();
        change(&mut edit);
        edit.rehearse().unwrap();
        edit.save().unwrap();
        std::fs::read_to_string(&located.path).unwrap()
    }

    fn config(client_id: &str) -> Config {
        Config {
            client_id: Some(client_id.into()),
            ..Config::default()
        }
    }

    fn name(text: &str) -> ProfileName {
        ProfileName::new(text).unwrap()
    }

    fn section(name: &str, client_id: &str) -> String {
        format!(
            "[{name}]\nclientid = {client_id}\nprivatekey\nappkey\nhostname\nappownerpublickey\nserverpublickeyid\n\n"
        )
    }

    #[tokio::test]
    async fn a_new_file_is_written_as_the_official_cli_writes_it() {
        let text = edit(None, |edit| {
            edit.put(&name("a"), &config("1")).unwrap();
            edit.put(&name("b"), &config("2")).unwrap();
        })
        .await;
        assert_eq!(
            text,
            [OFFICIAL, &section("a", "1"), &section("b", "2")].concat()
        );
    }

    #[tokio::test]
    async fn what_is_there_stays() {
        let before = "# mine\n[_config]\nactive_profile = x\n\n[x]\nClientId=9\n";
        let text = edit(Some(before), |edit| {
            edit.put(&name("b"), &config("2")).unwrap()
        })
        .await;
        assert_eq!(text, [before, "\n", &section("b", "2")].concat());
    }

    #[tokio::test]
    async fn an_empty_file_and_one_without_settings_get_them() {
        let text = edit(Some(""), |edit| edit.put(&name("a"), &config("1")).unwrap()).await;
        assert_eq!(text, [OFFICIAL, &section("a", "1")].concat());
        let text = edit(Some("[a]\nclientid = 1\n"), |edit| {
            edit.activate(&name("a")).unwrap()
        })
        .await;
        assert_eq!(text, [OFFICIAL, "[a]\nclientid = 1\n"].concat());
    }

    #[tokio::test]
    async fn the_last_profile_left_takes_over_from_a_deleted_one() {
        let start = "[_config]\nactive_profile = a\n[a]\nx\n[b]\nx\n";
        let one = edit(Some(start), |edit| edit.delete(&name("a")).unwrap()).await;
        assert_eq!(one, "[_config]\nactive_profile = b\n[b]\nx\n");
        let three = format!("{start}[c]\nx\n");
        let two = edit(Some(&three), |edit| edit.delete(&name("a")).unwrap()).await;
        assert_eq!(two, "[_config]\nactive_profile\n[b]\nx\n[c]\nx\n");
        let other = edit(Some(start), |edit| edit.delete(&name("b")).unwrap()).await;
        assert_eq!(other, "[_config]\nactive_profile = a\n[a]\nx\n");
    }

    #[tokio::test]
    async fn merging_replaces_profiles_and_keeps_the_others() {
        let theirs = "[_config]\nactive_profile = b\ncolor = False\n[b]\nclientid = new\nother = 1\n[c]\nclientid = 3\n";
        let theirs = || Document::parse(theirs.as_bytes()).unwrap();
        let before =
            "[_config]\nactive_profile = a\n[a]\nclientid = 1\n[b]\nclientid = old\nappkey = old\n";
        let text = edit(Some(before), |edit| edit.merge(theirs()).unwrap()).await;
        assert_eq!(
            text,
            "[_config]\nactive_profile = a\n[a]\nclientid = 1\n[b]\nclientid = new\nother = 1\n\n[c]\nclientid = 3\n\n"
        );
        let text = edit(None, |edit| edit.merge(theirs()).unwrap()).await;
        assert_eq!(text, theirs().render().expose().as_str());
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_is_not_touched() {
        let home = tempfile::tempdir().unwrap();
        let located = Located {
            path: home.path().join("keeper.ini"),
            policy: Policy::Named,
        };
        std::fs::write(&located.path, "no section").unwrap();
        let around = Surroundings {
            var: &|_| None,
            directory: None,
        };
        assert!(Edit::begin(&located, &around).await.is_err());
        assert_eq!(std::fs::read(&located.path).unwrap(), b"no section");
    }
}
