//! Which configuration wins: flag, variables, file, keyring (decision D9).

use std::path::{Path, PathBuf};

use super::bundle;
use super::config::Config;
use super::ini;
use super::locate::Located;
use super::mounted;
use super::name::ProfileName;
use super::place::Place;
use super::store::{self, Store};
use super::surroundings::Surroundings;
use crate::keyring::{self, Entry, Keyring};
use crate::private_file;

const CONFIG: &str = "KSM_CONFIG";
const NUMBERED: &str = "KSM_CONFIG_BASE64_1";

/// What the search came to.
#[derive(Debug, Clone)]
pub enum Source {
    /// Profiles, or a file that may hold none.
    Store(Store),
    /// Nothing, in all of these places.
    Nothing(Vec<String>),
}

/// Why the search stopped: what comes first and is broken is not passed over.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file named is not there.
    #[error("Keeper INI files does not exists at {0}")]
    Missing(String),
    /// A variable that is no text.
    #[error("{0} is not UTF-8 text")]
    Encoding(String),
    /// A variable that holds no configuration.
    #[error("{variable} cannot be used")]
    Variable {
        /// Its name.
        variable: String,
        /// What is wrong with it.
        source: bundle::Error,
    },
    /// A variable that calls a profile what none can be called.
    #[error("{0} is no name for a profile")]
    Name(String),
    /// A variable whose values no profile can hold.
    #[error("{variable} cannot be used")]
    Value {
        /// Its name.
        variable: &'static str,
        /// What is wrong with it.
        source: ini::Error,
    },
    /// The file of `KSM_CONFIG_FILE` cannot be read.
    #[error("the file that KSM_CONFIG_FILE names cannot be used")]
    MountedFile(#[source] private_file::Error),
    /// It holds no configuration.
    #[error("{path}, which KSM_CONFIG_FILE names, cannot be used")]
    Mounted {
        /// The file.
        path: PathBuf,
        /// What is wrong with its text.
        source: bundle::Error,
    },
    /// Two numbered variables with one name.
    #[error("KSM_CONFIG_BASE64_DESC_{0} names a profile that an earlier one names too")]
    SameName(usize),
    /// A file that cannot be read.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Looks in all places, in order, of which `near` comes first. The keyring is asked only where no file has a profile that
/// serves, and if there can be one at all; a file that is mounted for us, where none of them has any profile.
pub async fn find(
    near: Source,
    wanted: Option<&ProfileName>,
    around: &Surroundings<'_>,
) -> Result<Source, Error> {
    let serves = |store: &Store| match wanted {
        Some(name) => store.has(name),
        None => !store.names().is_empty(),
    };
    match near {
        Source::Store(store) if serves(&store) || !store.is_found() => Ok(Source::Store(store)),
        Source::Store(store) => Ok(match in_keyring(around).await? {
            Ok(keyring) if serves(&keyring) => Source::Store(keyring),
            _ if !store.names().is_empty() => Source::Store(store),
            _ => Source::Store(mounted::find(around)?.unwrap_or(store)),
        }),
        Source::Nothing(mut looked) => match in_keyring(around).await? {
            Ok(keyring) => Ok(Source::Store(keyring)),
            Err(reason) => Ok(match mounted::find(around)? {
                Some(store) => Source::Store(store),
                None => {
                    looked.push(format!("the OS keyring ({reason})"));
                    looked.extend([mounted::VARIABLE, "KSM_TOKEN"].map(ToOwned::to_owned));
                    Source::Nothing(looked)
                }
            }),
        },
    }
}

/// The profiles in the keyring, or why there are none. One that can tell that it has some, but not which, is an error:
/// what comes first and is broken is not passed over.
pub async fn in_keyring(around: &Surroundings<'_>) -> Result<Result<Store, &'static str>, Error> {
    let ambient = around.ambient();
    if !keyring::is_offered(&ambient) {
        return Ok(Err("there is no session bus"));
    }
    let looked = async {
        let keyring = Keyring::open(&ambient).await?;
        if !keyring.has(&Entry::common()).await? {
            return Ok(None);
        }
        Store::in_keyring(&keyring).await.map(Some)
    };
    match looked.await {
        Ok(Some(store)) if !store.names().is_empty() => Ok(Ok(store)),
        Ok(_) => Ok(Err("it has no profiles")),
        Err(keyring::Error::Absent) => Ok(Err("nobody offers one")),
        Err(error) => Err(Error::Store(error.into())),
    }
}

/// Reads the profiles of one place.
pub async fn open(place: &Place, around: &Surroundings<'_>) -> Result<Store, store::Error> {
    match place {
        Place::File(located) => Store::open(located, around),
        Place::Keyring => {
            let keyring = Keyring::open(&around.ambient()).await?;
            Ok(Store::in_keyring(&keyring).await?)
        }
    }
}

/// Looks in all places before the keyring, and asks no other process.
pub fn near(ini_file: Option<&Path>, around: &Surroundings) -> Result<Source, Error> {
    if let Some(path) = ini_file {
        return named_file(path, around).map(Source::Store);
    }
    let mut looked = vec![
        "--ini-file".to_owned(),
        CONFIG.to_owned(),
        NUMBERED.to_owned(),
    ];
    if let Some(config) = variable(CONFIG, around)? {
        let profiles = [(only_name(around)?, config)];
        return from_variable(CONFIG, &profiles).map(Source::Store);
    }
    let numbered = numbered(around)?;
    if !numbered.is_empty() {
        return from_variable(NUMBERED, &numbered).map(Source::Store);
    }
    if let Some(located) = around.find() {
        let mut store = Store::open(&located, around)?.found();
        store.warnings.extend(around.conflict(&located));
        return Ok(Source::Store(store));
    }
    let candidates = around.candidates().into_iter();
    looked.extend(candidates.map(|at| at.path.display().to_string()));
    Ok(Source::Nothing(looked))
}

fn named_file(path: &Path, around: &Surroundings) -> Result<Store, Error> {
    // Whether it is there may be hidden from us, which opening it tells better.
    if let Ok(false) = path.try_exists() {
        return Err(Error::Missing(path.display().to_string()));
    }
    let located = Located {
        path: path.to_owned(),
        policy: around.named(),
    };
    Ok(Store::open(&located, around)?)
}

fn from_variable(
    variable: &'static str,
    profiles: &[(ProfileName, Config)],
) -> Result<Store, Error> {
    Store::from_variable(variable, profiles).map_err(|source| Error::Value { variable, source })
}

/// `KSM_CONFIG_BASE64_1`, `_2`, … up to the first gap.
fn numbered(around: &Surroundings) -> Result<Vec<(ProfileName, Config)>, Error> {
    let mut found: Vec<(ProfileName, Config)> = Vec::new();
    for number in 1.. {
        let Some(config) = variable(&format!("KSM_CONFIG_BASE64_{number}"), around)? else {
            break;
        };
        let variable = format!("KSM_CONFIG_BASE64_DESC_{number}");
        let described = around.environment.text(&variable);
        let name = described.unwrap_or_else(|| format!("App{number}"));
        let name = ProfileName::in_variable(name.trim()).ok_or(Error::Name(variable))?;
        if found.iter().any(|(known, _)| *known == name) {
            return Err(Error::SameName(number));
        }
        found.push((name, config));
    }
    Ok(found)
}

/// What the one profile is called where nothing beside it says so.
pub(super) fn only_name(around: &Surroundings) -> Result<ProfileName, Error> {
    const VARIABLE: &str = "KSM_CLI_PROFILE";
    match around.environment.text(VARIABLE) {
        Some(name) => ProfileName::in_variable(&name).ok_or(Error::Name(VARIABLE.to_owned())),
        None => Ok(ProfileName::default()),
    }
}

/// A variable that is set, even to nothing, is meant.
fn variable(name: &str, around: &Surroundings) -> Result<Option<Config>, Error> {
    let Some(value) = around.environment.get(name) else {
        return Ok(None);
    };
    let text = value
        .to_str()
        .ok_or_else(|| Error::Encoding(name.to_owned()))?;
    let config = bundle::read_one(text).map_err(|source| Error::Variable {
        variable: name.to_owned(),
        source,
    })?;
    Ok(Some(config))
}

#[cfg(test)]
mod tests;
