//! The options and environment of a run, and what commands derive from them.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ksm::environment::{Environment, boolean, names};
use ksm::private_file;
use ksm::profile::search::warnings;
use ksm::profile::store::{Error, Kind};
use ksm::profile::{Discovery, Profile, ProfileName, Store, StoreContext, discover};
use ksm::sensitive::Sensitive;
use ksm::vault::{Client, Reader};
use tokio::sync::OnceCell as AsyncOnceCell;

use super::notices::Notices;
use crate::cli::globals::Globals;
use crate::console::{self, ColorWish, Console, Level, Log, Messages};
use crate::failure::{Code, Failure, Result};
use crate::render::{Answer, Colors, Layout};

/// The titles of records that were opened, for completion in a shell. They stay in memory.
pub(super) type Titles = Rc<RefCell<BTreeSet<String>>>;

pub(crate) struct Context {
    pub(crate) globals: Globals,
    pub(crate) messages: Messages,
    pub(super) notices: Rc<Notices>,
    pub(crate) environment: Rc<Environment>,
    /// The result of the search before the keyring. It is kept because a pipe cannot be read twice.
    pub(super) before_keyring: OnceCell<Discovery>,
    /// The color setting of the store that was found, which may be the keyring.
    color: Cell<Option<bool>>,
    told_of_settings: Cell<bool>,
    pub(super) warned_of_skipping: Rc<Cell<bool>>,
    pub(super) vault: AsyncOnceCell<OpenVault>,
    /// Where the titles of opened records are noted, if anybody wants them.
    pub(super) titles: Option<Titles>,
}

pub(super) struct OpenVault {
    /// `None` where no server may be asked.
    pub(super) client: Option<Client>,
    /// Reads through the cache, where that is enabled.
    pub(super) reader: Option<Reader>,
    /// The profile's store and name; `None` for a profile that this run made.
    pub(super) home: Option<(Rc<dyn Store>, ProfileName)>,
    /// The listener of `client`.
    pub(super) notices: Rc<Notices>,
}

impl Context {
    pub(crate) fn new(globals: Globals, environment: Rc<Environment>, console: &Console) -> Self {
        let level = globals.log_level.or(globals.verbose.then_some(Level::Info));
        let log = Log::wanted(environment.get(names::KSM_DEBUG), level);
        let messages = console.messages().logging(log);
        Self {
            globals,
            messages,
            notices: Rc::new(Notices::new(messages)),
            environment,
            before_keyring: OnceCell::new(),
            color: Cell::default(),
            told_of_settings: Cell::default(),
            warned_of_skipping: Rc::default(),
            vault: AsyncOnceCell::new(),
            titles: None,
        }
    }

    pub(crate) fn store_context(&self) -> StoreContext {
        let messages = self.messages;
        StoreContext {
            environment: Rc::clone(&self.environment),
            tell: Rc::new(move |text: &str| messages.note(text)),
            unverified: self.unverified(),
            offline: self.globals.offline,
        }
    }

    pub(crate) fn private_places(&self) -> Vec<PathBuf> {
        private_file::places(&self.environment)
    }

    pub(crate) fn ini_file(&self) -> Option<&Path> {
        self.globals.ini_file.as_deref()
    }

    /// The store for a new profile, see [`discover::for_new`]. `file` is the command's own argument.
    pub(crate) async fn new_store(
        &self,
        file: Option<&Path>,
        kind: Option<&Kind>,
    ) -> Result<Rc<dyn Store>> {
        let file = file.or(self.ini_file());
        Ok(discover::for_new(file, kind, &self.store_context()).await?)
    }

    /// The profile of the command's own argument, of `-p` or of `KSM_CLI_PROFILE`.
    pub(crate) fn profile_name(&self, given: Option<&str>) -> Option<ProfileName> {
        let named = given.map(str::to_owned).or(self.globals.profile.clone());
        named
            .or_else(|| self.environment.text(names::KSM_CLI_PROFILE))
            .map(ProfileName::existing)
    }

    /// The same for a profile to be made, which is called `_default` where nobody says.
    pub(crate) fn new_profile_name(&self, given: Option<&str>) -> Result<ProfileName> {
        match self.profile_name(given) {
            Some(name) => Ok(ProfileName::new(name.as_str())?),
            None => Ok(ProfileName::default()),
        }
    }

    /// Finds the configuration that has profile `wanted`, if one does, and leaves its warnings to the caller.
    pub(crate) async fn discover(&self, wanted: Option<&ProfileName>) -> Result<Discovery> {
        let found = self
            .before_keyring()?
            .with_keyring(wanted, &self.store_context())
            .await?;
        if let Some(color) = color_setting(&found) {
            self.color.set(Some(color));
        }
        Ok(found)
    }

    fn before_keyring(&self) -> Result<Discovery, Error> {
        if let Some(known) = self.before_keyring.get() {
            return Ok(known.clone());
        }
        let found = Discovery::before_keyring(self.ini_file(), &self.store_context())?;
        Ok(self.before_keyring.get_or_init(|| found).clone())
    }

    /// Finds the configuration that has profile `wanted`, if one does, and prints its warnings.
    pub(crate) async fn discover_and_warn(
        &self,
        wanted: Option<&ProfileName>,
    ) -> Result<Discovery> {
        let found = self.discover(wanted).await?;
        if let Some(store) = &found.store {
            let text = format!("configuration from {}", store.location());
            self.messages.log(Level::Info, &text);
            self.warn(&**store);
        }
        for text in self.passed_over(&found).await {
            self.messages.warn(&text);
        }
        Ok(found)
    }

    /// The settings that do not count (D37), once in a run.
    pub(crate) async fn passed_over(&self, found: &Discovery) -> Vec<String> {
        if self.told_of_settings.replace(true) {
            return Vec::new();
        }
        found.passed_over(&self.store_context()).await
    }

    /// The store of the profile in use, or of any, if there is one.
    pub(crate) async fn store(&self) -> Result<Option<Rc<dyn Store>>> {
        let wanted = self.profile_name(None);
        Ok(self.discover_and_warn(wanted.as_ref()).await?.store)
    }

    /// Color is decided by flag, else by the environment, else by the settings beside the profiles, else it is on. The keyring is not
    /// opened for its color setting, which counts once a profile was looked for there.
    pub(crate) fn layout(&self, console: &Console) -> Layout {
        // An unreadable store is reported by whatever needs a profile.
        let setting = || color_setting(&self.before_keyring().ok()?);
        let colors = match ColorWish::of(self.globals.color(), &self.environment) {
            ColorWish::Off => Colors::Off,
            ColorWish::Forced => Colors::Shown,
            ColorWish::Unsaid if self.color.get().or_else(setting) == Some(false) => Colors::Off,
            ColorWish::On | ColorWish::Unsaid if console.is_terminal() => Colors::Shown,
            ColorWish::On | ColorWish::Unsaid => Colors::Hidden,
        };
        Layout::new(colors)
    }

    /// Prints the answer as JSON if `json`, else as a table.
    pub(crate) fn print(
        &self,
        answer: &(impl Answer + ?Sized),
        json: bool,
        console: &mut Console,
    ) -> Result<()> {
        Ok(self.write(answer, json, console)?)
    }

    /// The same for an answer about `done`, see [`Console::tell`].
    pub(crate) fn tell(
        &self,
        done: &[impl Display],
        answer: &(impl Answer + ?Sized),
        json: bool,
        console: &mut Console,
    ) -> Result<()> {
        let deliver = |console: &mut Console| self.write(answer, json, console);
        Ok(console.tell(done, deliver)?)
    }

    fn write(
        &self,
        answer: &(impl Answer + ?Sized),
        json: bool,
        console: &mut Console,
    ) -> Result<(), console::Error> {
        if json {
            console.data(Sensitive::new(answer.json()).expose())
        } else {
            let table = Sensitive::new(answer.table(self.layout(console)));
            console.styled(table.expose())
        }
    }

    /// A setting that names a program or a directory. One in a store that merely lies in the working directory does not
    /// count, and that is said (D32).
    pub(crate) fn vouched_setting<'s>(&self, store: &'s dyn Store, key: &str) -> Option<&'s str> {
        let set = store.setting(key).filter(|set| !set.is_empty())?;
        if !store.is_unvouched() {
            return Some(set);
        }
        self.warn_of_unvouched(store, key);
        None
    }

    pub(crate) fn warn_of_unvouched(&self, store: &dyn Store, key: &str) {
        let location = store.location();
        self.messages.warn(&format!(
            "the setting `{key}` in {location} does not count, because that was found in the working directory; \
             `--ini-file` or KSM_INI_DIR vouches for it"
        ));
    }

    pub(crate) fn warn_of_new_file(&self, store: &dyn Store) {
        let file = store.path().filter(|path| !path.exists());
        if let Some(warning) = file.and_then(warnings::git_warning) {
            self.messages.warn(&warning);
        }
    }

    pub(crate) fn warn(&self, store: &dyn Store) {
        for warning in store.warnings() {
            self.messages.warn(warning);
        }
    }

    pub(super) async fn open(&self, store: &dyn Store) -> Result<Profile> {
        let name = store.choose(self.profile_name(None).as_ref())?;
        let config = store.config(&name).await?;
        let profile = store.checked(&name, &config, self.host()?.as_ref())?;
        let text = format!("profile {name} at {}", profile.host);
        self.messages.log(Level::Info, &text);
        Ok(profile)
    }
}

fn color_setting(discovery: &Discovery) -> Option<bool> {
    let store = discovery.store.as_ref()?;
    store.setting("color").and_then(boolean)
}

/// Lists the places that were looked at (D9). Scripts look for the first line (compatibility 2.1).
pub(crate) fn no_configuration(discovery: &Discovery) -> Failure {
    let mut lines = vec![
        "The Keeper SDK client has not been loaded. The INI config might not be set.".to_owned(),
        "there is no configuration; these places were looked at, in order:".to_owned(),
    ];
    lines.extend(discovery.looked.iter().map(|place| format!("  {place}")));
    Failure::of_lines(Code::Local, lines)
        .hint(
        "`ksm profile init --token-file FILE` makes one; `--ini-file PATH` names one in another directory; a program of \
         `ksm exec` gets KSM_CONFIG only with `--keep-config`",
    )
}
