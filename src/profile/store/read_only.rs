//! Configurations that others provide: in variables, or in a file that somebody mounted for us, a Kubernetes secret
//! most often. They are only ever read.

use std::path::Path;

use async_trait::async_trait;

use super::{ACTIVE, Limits, Store, StoreContext};
use crate::environment::{Environment, names};
use crate::private_file::{self, Concern, Policy};
use crate::profile::config::Config;
use crate::profile::name::ProfileName;
use crate::profile::{bundle, search};

/// Why a variable is not passed over although it does not serve: what comes first counts.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A variable, or the file that one names.
    #[error("{what} cannot be used")]
    Unusable { what: String, source: bundle::Error },
    /// A variable that calls a profile what none can be called.
    #[error("{0} is no name for a profile")]
    Name(String),
    /// Two numbered variables with one name.
    #[error("KSM_CONFIG_BASE64_DESC_{0} names a profile that an earlier one names too")]
    SameName(usize),
    #[error("the file that KSM_CONFIG_FILE names cannot be used")]
    File(#[source] private_file::Error),
    #[error(
        "KSM_CONFIG_FILE has a configuration or a token as its value, and wants the path of a file"
    )]
    NoPath,
}

/// The profiles of a variable; the first is active.
#[derive(Debug, Clone)]
pub struct ReadOnly {
    variable: &'static str,
    profiles: Vec<(ProfileName, Config)>,
    warnings: Vec<String>,
}

impl ReadOnly {
    /// The variables that go before every file.
    pub fn in_variables(environment: &Environment) -> Result<Option<Self>, Error> {
        if let Some(config) = variable(names::KSM_CONFIG, environment)? {
            let profiles = vec![(only_name(environment)?, config)];
            return Ok(Some(Self::new(names::KSM_CONFIG, profiles)));
        }
        let numbered = numbered(environment)?;
        let is_empty = numbered.is_empty();
        Ok((!is_empty).then(|| Self::new(names::KSM_CONFIG_BASE64_1, numbered)))
    }

    /// The one profile in the file of `KSM_CONFIG_FILE`, if one is named. A file that is named is meant: one that is
    /// missing is not passed over.
    pub fn mounted(context: &StoreContext) -> Result<Option<Self>, Error> {
        let environment = &context.environment;
        let Some(path) = environment.path(names::KSM_CONFIG_FILE) else {
            return Ok(None);
        };
        // Shown as a path, it would be on the screen.
        if environment
            .nonempty(names::KSM_CONFIG_FILE)
            .is_some_and(|given| bundle::is_content(Path::new(given)))
        {
            return Err(Error::NoPath);
        }
        let policy = search::policy(Policy::Named, environment);
        let (bytes, concerns) = private_file::read(&path, policy).map_err(Error::File)?;
        let what = format!("{}, which KSM_CONFIG_FILE names,", path.display());
        let config = config(what, bytes.expose())?;
        let profiles = vec![(only_name(environment)?, config)];
        let mut store = Self::new(names::KSM_CONFIG_FILE, profiles);
        let concerns = concerns
            .iter()
            .filter(|concern| is_news(concern, environment));
        store.warnings = concerns.map(ToString::to_string).collect();
        Ok(Some(store))
    }

    fn new(variable: &'static str, profiles: Vec<(ProfileName, Config)>) -> Self {
        Self {
            variable,
            profiles,
            warnings: Vec::new(),
        }
    }
}

#[async_trait(?Send)]
impl Store for ReadOnly {
    fn location(&self) -> String {
        self.variable.to_owned()
    }

    fn limits(&self) -> Limits {
        Limits {
            read_only: true,
            ..Limits::default()
        }
    }

    fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn names(&self) -> Vec<ProfileName> {
        self.profiles.iter().map(|(name, _)| name.clone()).collect()
    }

    fn setting(&self, key: &str) -> Option<&str> {
        let (name, _) = self.profiles.first()?;
        (key == ACTIVE).then(|| name.as_str())
    }

    async fn load(&self, name: &ProfileName) -> Result<Config, super::Error> {
        let found = self.profiles.iter().find(|(known, _)| known == name);
        Ok(found.map(|(_, config)| config.clone()).unwrap_or_default())
    }
}

/// `KSM_CONFIG_BASE64_1`, `_2`, … up to the first gap.
fn numbered(environment: &Environment) -> Result<Vec<(ProfileName, Config)>, Error> {
    let mut found: Vec<(ProfileName, Config)> = Vec::new();
    for number in 1.. {
        let value = format!("{}{number}", names::KSM_CONFIG_BASE64);
        let Some(config) = variable(&value, environment)? else {
            break;
        };
        let described = format!("{}{number}", names::KSM_CONFIG_BASE64_DESC);
        let name = environment.text(&described);
        let name = name.unwrap_or_else(|| format!("App{number}"));
        let name = ProfileName::in_variable(name.trim()).ok_or(Error::Name(described))?;
        if found.iter().any(|(known, _)| *known == name) {
            return Err(Error::SameName(number));
        }
        found.push((name, config));
    }
    Ok(found)
}

/// Says of a numbered variable that it is not read, because one before it is missing.
pub fn behind_a_gap(environment: &Environment) -> Option<String> {
    let name = |number| format!("{}{number}", names::KSM_CONFIG_BASE64);
    let is_set = |number: &usize| environment.nonempty(name(*number)).is_some();
    let gap = (1..).find(|number| !is_set(number))?;
    let behind = (gap + 1..gap + 10).find(is_set)?;
    Some(format!(
        "{} is set and not used, because there is no {}",
        name(behind),
        name(gap)
    ))
}

/// The name of the one profile where nothing beside it gives one.
fn only_name(environment: &Environment) -> Result<ProfileName, Error> {
    let variable = names::KSM_CLI_PROFILE;
    match environment.text(variable) {
        Some(name) => ProfileName::in_variable(&name).ok_or(Error::Name(variable.to_owned())),
        None => Ok(ProfileName::default()),
    }
}

/// A variable that is set, even to nothing, is meant.
fn variable(name: &str, environment: &Environment) -> Result<Option<Config>, Error> {
    let Some(value) = environment.get(name) else {
        return Ok(None);
    };
    config(name.to_owned(), value.as_encoded_bytes()).map(Some)
}

fn config(what: String, bytes: &[u8]) -> Result<Config, Error> {
    let config = bundle::text(bytes).and_then(bundle::read_one);
    config.map_err(|source| Error::Unusable { what, source })
}

/// The mode of a mounted file is decided where it is mounted, so only users who can change it are told.
fn is_news(concern: &Concern, environment: &Environment) -> bool {
    match concern {
        Concern::Readable { path, .. } => {
            !environment.flag(names::KSM_CONFIG_SKIP_MODE_WARNING)
                && private_file::can_be_closed(path)
        }
        Concern::Writable { .. } | Concern::Stranger { .. } => true,
    }
}
