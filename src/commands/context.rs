//! Flags and environment, read once; what commands need of them.

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};

use ksm::environment::{Environment, boolean, names};
use ksm::exec::files;
use ksm::http::trust::Verification;
use ksm::http::{Http, Settings};
use ksm::profile::store::Error;
use ksm::profile::{Profile, ProfileName, Source, Store, Surroundings, source};
use ksm::vault::Client;
use ksm::wire::endpoint::HostName;
use tokio::sync::{Mutex, OnceCell as AsyncOnceCell};

use crate::cli::globals::Globals;
use crate::console::{Console, Level, Log, Messages};
use crate::failure::{Code, Failure};
use crate::render::Layout;

/// What a command knows of the world.
pub(crate) struct Context {
    pub(crate) globals: Globals,
    pub(crate) messages: Messages,
    pub(crate) environment: Environment,
    /// What the places before the keyring came to, read once: a pipe can be read no second time.
    near: OnceCell<Source>,
    /// The setting of the store that was found, which may be the keyring.
    color: Cell<Option<bool>>,
    pub(super) vault: AsyncOnceCell<OpenVault>,
}

/// The vault that a command asked for.
pub(super) struct OpenVault {
    pub(super) client: Mutex<Client>,
    /// Where the profile came from; `None` for one that this run made.
    pub(super) home: Option<(Store, ProfileName)>,
}

impl Context {
    pub(crate) fn new(globals: Globals, environment: Environment, console: &Console) -> Self {
        let log = Log::wanted(environment.get(names::KSM_DEBUG), globals.log_level);
        Self {
            globals,
            messages: console.messages().logging(log),
            environment,
            near: OnceCell::new(),
            color: Cell::default(),
            vault: AsyncOnceCell::new(),
        }
    }

    /// What decides where files are looked for.
    pub(crate) fn around(&self) -> Surroundings<'_> {
        Surroundings {
            environment: &self.environment,
            tell: |text| Console::for_process().note(text),
        }
    }

    /// Where private directories go.
    pub(crate) fn private_places(&self) -> Vec<PathBuf> {
        files::places(&self.environment)
    }

    /// The file named with `--ini-file`.
    pub(crate) fn ini_file(&self) -> Option<&Path> {
        self.globals.ini_file.as_deref()
    }

    /// The profile named for this run.
    pub(crate) fn wanted(&self) -> Option<ProfileName> {
        let name = self.globals.profile.clone();
        name.or_else(|| self.environment.text(names::KSM_CLI_PROFILE))
            .map(ProfileName::existing)
    }

    /// Where the configuration is that has profile `wanted`, for who says all there is to say about it.
    pub(crate) async fn found(&self, wanted: Option<&ProfileName>) -> Result<Source, Failure> {
        let found = source::find(self.near()?, wanted, &self.around()).await?;
        if let Some(color) = color_setting(&found) {
            self.color.set(Some(color));
        }
        Ok(found)
    }

    fn near(&self) -> Result<Source, source::Error> {
        if let Some(known) = self.near.get() {
            return Ok(known.clone());
        }
        let near = source::near(self.ini_file(), &self.around())?;
        Ok(self.near.get_or_init(|| near).clone())
    }

    /// Where the configuration is; its warnings are said.
    pub(crate) async fn source(&self) -> Result<Source, Failure> {
        self.source_with(self.wanted().as_ref()).await
    }

    /// Where the configuration is that has profile `wanted`, if one does; its warnings are said.
    pub(crate) async fn source_with(
        &self,
        wanted: Option<&ProfileName>,
    ) -> Result<Source, Failure> {
        let source = self.found(wanted).await?;
        if let Source::Store(store) = &source {
            let text = format!("configuration from {}", store.origin);
            self.messages.log(Level::Info, &text);
            self.warn(store);
        }
        Ok(source)
    }

    /// The layout of tables. Color is decided by flag, else by the settings beside the profiles, else it is on.
    /// The keyring is not asked for a color: its settings count once a profile was looked for there.
    pub(crate) fn layout(&self, console: &Console) -> Layout {
        // An unreadable store is reported by whatever needs a profile.
        let near = || color_setting(&self.near().ok()?);
        let color = self.globals.color().or(self.color.get()).or_else(near);
        Layout::new(color.unwrap_or(true), console.is_terminal())
    }

    /// Says what is worth knowing about a store.
    pub(crate) fn warn(&self, store: &Store) {
        for warning in &store.warnings {
            self.messages.warn(warning);
        }
    }

    /// The host that takes the place of every stored one.
    pub(crate) fn host(&self) -> Result<Option<HostName>, Failure> {
        let host = self.environment.text(names::KSM_HOSTNAME);
        let host = host.as_deref().map(HostName::parse).transpose();
        host.map_err(|error| Failure::new(Code::Local, error).while_doing("KSM_HOSTNAME"))
    }

    /// A connection; whatever the environment says wrongly about it shows here.
    pub(crate) fn http(&self) -> Result<Http, Failure> {
        self.connected(
            Settings::from_environment(&self.environment)?,
            "KSM_SKIP_VERIFY",
        )
    }

    /// A connection to whoever answers, as `option` says.
    pub(crate) fn unverified_http(&self, option: &str) -> Result<Http, Failure> {
        let mut settings = Settings::from_environment(&self.environment)?;
        settings.skip_verification();
        self.connected(settings, option)
    }

    fn connected(&self, settings: Settings, setting: &str) -> Result<Http, Failure> {
        if settings.verification() == Verification::Skipped {
            self.messages.warn(&format!(
                "{setting} is set: servers are not checked to be who they say they are"
            ));
        }
        Ok(Http::new(&settings)?)
    }

    /// The profile in use of `store`.
    pub(super) async fn open(&self, store: &Store) -> Result<Profile, Failure> {
        let name = store.choose(self.wanted().as_ref())?;
        let config = store.config(&name, &self.around().ambient()).await?;
        let profile = config.open(self.host()?.as_ref());
        let profile = profile.map_err(|source| store.unusable(&name, source))?;
        let text = format!("profile {name} at {}", profile.host);
        self.messages.log(Level::Info, &text);
        Ok(profile)
    }
}

fn color_setting(source: &Source) -> Option<bool> {
    match source {
        Source::Store(store) => store.setting("color").and_then(boolean),
        Source::Nothing(_) => None,
    }
}

/// The failure of a run that found no configuration (D9).
pub(crate) fn no_configuration(looked: &[String]) -> Failure {
    let places = looked.join(", ");
    Failure::new(
        Code::Local,
        format!("there is no configuration; these places were looked at, in order: {places}"),
    )
    .hint("`ksm profile init --token TOKEN` makes one from a one-time token")
}

/// The failure of a store without profiles.
pub(crate) fn no_profile(store: &Store) -> Failure {
    Error::Empty {
        place: store.origin.clone(),
    }
    .into()
}
