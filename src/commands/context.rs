//! Flags and environment, read once; what commands need of them.

use std::cell::{Cell, OnceCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use ksm::environment::{Environment, boolean, names};
use ksm::exec::files;
use ksm::http::trust::Verification;
use ksm::http::{Http, Settings};
use ksm::profile::store::Error;
use ksm::profile::{Edit, Kept, Origin, Profile, ProfileName, Source, Store, Surroundings, source};
use ksm::storage::Reference;
use ksm::vault::{Client, Options};
use ksm::wire::endpoint::HostName;
use ksm::wire::server_key::KeyId;
use ksm::wire::session::CLIENT_VERSION;

use super::{notices, start};
use crate::cli::globals::Globals;
use crate::console::{Console, Level, Log, Messages};
use crate::failure::{Code, Failure};

/// The sum of throttling waits when nobody says otherwise (decision D18).
const LONGEST_WAIT: u64 = 360;

/// What a command knows of the world.
pub(crate) struct Context {
    pub(crate) globals: Globals,
    pub(crate) messages: Messages,
    pub(crate) environment: Environment,
    /// What the places before the keyring came to, read once: a pipe can be read no second time.
    near: OnceCell<Source>,
    /// Whether tables are colored where they can be.
    color: Rc<Cell<bool>>,
    /// The server key the vault asked for instead of the stored one.
    new_key: Rc<Cell<Option<KeyId>>>,
}

impl Context {
    pub(crate) fn new(globals: Globals, environment: Environment, console: &Console) -> Self {
        let log = Log::wanted(environment.get(names::KSM_DEBUG), globals.log_level);
        Self {
            globals,
            messages: console.messages().logging(log),
            environment,
            near: OnceCell::new(),
            color: console.color(),
            new_key: Rc::default(),
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
        self.heed_color(&found);
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

    /// Decides whether tables are colored where they can be: by flag, else by the settings beside the profiles, else
    /// yes. The keyring is not asked for a color: its settings count once a profile was looked for there.
    pub(crate) fn choose_color(&self) {
        // What is wrong with a store is said by whoever needs a profile.
        if let Ok(near) = self.near() {
            self.heed_color(&near);
        }
    }

    fn heed_color(&self, source: &Source) {
        if let (None, Source::Store(store)) = (self.globals.color(), source)
            && let Some(color) = store.setting("color").and_then(boolean)
        {
            self.color.set(color);
        }
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

    /// How to talk to a vault.
    pub(crate) fn options(&self) -> Result<Options, Failure> {
        let version = self.environment.text(names::KSM_CLIENT_VERSION);
        Ok(Options {
            client_version: version.unwrap_or_else(|| CLIENT_VERSION.to_owned()),
            longest_wait: Duration::from_secs(self.longest_wait()?),
            listener: notices::listener(self.messages, Rc::clone(&self.new_key)),
        })
    }

    /// The same for who only looks: a server key that is asked for will not be stored.
    pub(crate) fn options_to_look(&self) -> Result<Options, Failure> {
        Ok(Options {
            listener: notices::listener(self.messages, Rc::default()),
            ..self.options()?
        })
    }

    /// The vault of the profile in use.
    pub(crate) async fn vault(&self) -> Result<Client, Failure> {
        let profile = match self.source().await? {
            Source::Store(store) if !store.names().is_empty() => self.open(&store).await?,
            source => start::from_environment(self, source).await?,
        };
        if let Some(note) = &profile.note {
            self.messages.warn(&note.to_string());
        }
        let Profile {
            host,
            server_key,
            device,
            note: _,
        } = profile;
        Ok(Client::new(
            self.http()?,
            host,
            server_key,
            device,
            self.options()?,
        ))
    }

    /// Stores the server key that the vault asked for, so that the next run starts with it. A store that cannot be
    /// written costs the next run a round trip, and is no failure of this one.
    pub(crate) async fn remember(&self) {
        if let Some(id) = self.new_key.take() {
            let _ = self.store_key(id).await;
        }
    }

    async fn store_key(&self, id: KeyId) -> Result<(), Failure> {
        let around = self.around();
        let wanted = self.wanted();
        let Source::Store(found) = self.found(wanted.as_ref()).await? else {
            return Ok(());
        };
        let Origin::Place(place) = &found.origin else {
            let text = format!(
                "nothing was stored: the profile comes from {}",
                found.origin
            );
            self.messages.log(Level::Info, &text);
            return Ok(());
        };
        let name = found.choose(wanted.as_ref())?;
        let client_id = match found.kept(&name)? {
            // Nobody but its owner changes what lies there.
            Kept::There(Reference::Aws(_)) => return Ok(()),
            Kept::Here(config) => config.client_id,
            Kept::There(Reference::Keyring(_)) => {
                found.config(&name, &around.ambient()).await?.client_id
            }
        };
        let client_id = client_id.unwrap_or_default();
        let mut edit = Edit::begin(place, &around).await?;
        edit.set_server_key(&name, &client_id, id).await?;
        Ok(edit.save().await?)
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

    fn longest_wait(&self) -> Result<u64, Failure> {
        if let Some(seconds) = self.globals.max_wait {
            return Ok(seconds);
        }
        match self.environment.text(names::KSM_MAX_WAIT) {
            None => Ok(LONGEST_WAIT),
            Some(text) => text
                .trim()
                .parse()
                .map_err(|_| Failure::new(Code::Local, "KSM_MAX_WAIT is not a number of seconds")),
        }
    }
}

/// The failure of a run that found no configuration (decision D9).
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
