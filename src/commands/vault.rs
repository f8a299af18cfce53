//! The vault of a run: opened by the first command that asks for it, and closed with what it taught.

use std::rc::Rc;
use std::time::Duration;

use ksm::cache::{self, Cache};
use ksm::http;
use ksm::profile::{Member, Profile, ProfileName, Store};
use ksm::vault::{Client, Reader};
use ksm::wire::server_key::KeyId;

use super::context::{Context, OpenVault};
use super::first_run;
use crate::console::Level;
use crate::failure::Result;

impl Context {
    /// The vault of the profile in use, for a command that changes it or needs what it says now.
    pub(crate) async fn vault(&self) -> Result<&Client> {
        self.may_connect()?;
        let vault = self.vault.get_or_try_init(|| self.open_vault()).await?;
        vault
            .client
            .as_ref()
            .ok_or_else(|| http::Error::Offline.into())
    }

    /// The same for a command that reads and may get its answer from the cache.
    pub(crate) async fn reader(&self) -> Result<&Reader> {
        let vault = self.vault.get_or_try_init(|| self.open_vault()).await?;
        match &vault.reader {
            Some(reader) => Ok(reader),
            None => Ok(self.vault().await?),
        }
    }

    async fn open_vault(&self) -> Result<OpenVault> {
        let wanted = self.profile_name(None);
        let discovery = self.discover_and_warn(wanted.as_ref()).await?;
        let (profile, home) = match discovery.store {
            Some(store) if !store.names().is_empty() => {
                let name = store.choose(wanted.as_ref())?;
                (self.open(&*store).await?, Some((store, name)))
            }
            _ => (first_run::from_environment(self, discovery).await?, None),
        };
        if let Some(note) = &profile.note {
            self.messages.warn(&note.to_string());
        }
        let store = home.as_ref().map(|(store, _)| &**store);
        let kept = self.kept(&profile, store)?;
        let Profile {
            host,
            server_key,
            device,
            note: _,
        } = profile;
        let notices = Rc::clone(&self.notices);
        let (mut client, mut reader) = match self.globals.offline {
            true => {
                let listener = notices.listener();
                let offline = |kept| Reader::offline(kept, device.app_key, listener);
                (None, kept.map(offline))
            }
            false => {
                let connection = self.connection()?;
                let outdated = cache::directory(&self.environment).filter(|place| place.is_dir());
                let outdated = outdated.map(|place| Cache::new(place, &device, &host.to_string()));
                let mut client = Client::new(connection, host, server_key, device);
                if let Some(outdated) = outdated {
                    client.outdate(outdated);
                }
                let reader = kept.map(|kept| client.with_cache(kept));
                (Some(client), reader)
            }
        };
        if let Some(titles) = &self.titles {
            let readers = [client.as_deref_mut(), reader.as_mut()];
            for reader in readers.into_iter().flatten() {
                let titles = Rc::clone(titles);
                reader.show_opened(move |record| {
                    titles.borrow_mut().insert(record.title.to_owned());
                });
            }
        }
        Ok(OpenVault {
            client,
            reader,
            home,
            notices,
        })
    }

    /// Stores the server key that the vault asked for. A store that cannot be written costs the next run one
    /// more request, and is no failure.
    pub(crate) async fn close(&self) {
        self.notices.finish();
        let Some(OpenVault {
            client: Some(client),
            home,
            ..
        }) = self.vault.get()
        else {
            return;
        };
        if let (Some(id), Some((store, name))) = (client.take_learned_key(), home) {
            let _ = self.store_key(id, &**store, name).await;
        }
    }

    /// Drops the keys of the profile: nothing is asked any more.
    pub(crate) fn forget_profile(&mut self) {
        self.vault.take();
        self.before_keyring.take();
    }

    async fn store_key(&self, id: KeyId, store: &dyn Store, name: &ProfileName) -> Result<()> {
        if store.limits().read_only {
            let location = store.location();
            let text = format!("nothing was stored: the profile comes from {location}");
            self.messages.log(Level::Info, &text);
            return Ok(());
        }
        // Keys in another store are changed by their owner only.
        if store.keys_elsewhere(name)?.is_some() {
            return Ok(());
        }
        let config = store.load(name).await?;
        let client_id = config.get(Member::ClientId).unwrap_or_default();
        let mut edit = store.edit_within(Duration::ZERO).await?;
        edit.set_server_key(name, client_id, id).await?;
        Ok(edit.save().await?)
    }
}
