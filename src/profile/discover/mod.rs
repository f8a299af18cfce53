//! Which store wins (D9): a flag, variables, a file, the keyring, a mounted file.

use std::path::Path;
use std::rc::Rc;

use super::name::ProfileName;
use super::search::warnings;
use super::store::ini_file::IniFile;
use super::store::keyring::KeyringStore;
use super::store::read_only::{self, ReadOnly};
use super::store::{self, Error, Kind, Store, StoreContext, USUAL};
use super::{pasted, search};
use crate::environment::names;
use crate::keyring;
use crate::wire::token::OneTimeToken;

#[derive(Debug, Clone)]
pub struct Discovery {
    /// The winner; perhaps a file without profiles.
    pub store: Option<Rc<dyn Store>>,
    /// Whether nobody named the winner, so that others may have profiles too.
    pub is_found: bool,
    /// Everything that was looked at and is not there, in order.
    pub looked: Vec<String>,
}

impl Discovery {
    /// Looks in all places before the keyring, and asks no other process. What comes first and is broken is not passed
    /// over.
    pub fn before_keyring(ini_file: Option<&Path>, context: &StoreContext) -> Result<Self, Error> {
        if let Some(path) = ini_file {
            return Ok(Self::named(store::at(path, context)?));
        }
        if let Some(store) = ReadOnly::in_variables(&context.environment)? {
            return Ok(Self::named(Rc::new(store)));
        }
        if let Some(file) = IniFile::found(context) {
            let mut file = file.opened()?;
            file.warnings
                .extend(warnings::conflict(&context.environment));
            return Ok(Self {
                is_found: true,
                ..Self::named(Rc::new(file))
            });
        }
        let variables = ["--ini-file", names::KSM_CONFIG, names::KSM_CONFIG_BASE64_1];
        let files = search::candidates(&context.environment).into_iter();
        let files = files.map(|path| path.display().to_string());
        Ok(Self {
            store: None,
            is_found: false,
            looked: variables
                .map(str::to_owned)
                .into_iter()
                .chain(files)
                .collect(),
        })
    }

    /// Ends the search. The keyring is asked only if there can be one and no file has a profile that serves. The
    /// mounted file is looked at last.
    pub async fn with_keyring(
        mut self,
        wanted: Option<&ProfileName>,
        context: &StoreContext,
    ) -> Result<Self, Error> {
        let serves = |store: &dyn Store| match wanted {
            Some(name) => store.has(name),
            None => !store.names().is_empty(),
        };
        let found = self.store.as_deref();
        if found.is_some_and(|store| !self.is_found || serves(store)) {
            return Ok(self);
        }
        let keyring = match in_keyring(context).await? {
            Ok(keyring) if found.is_none() || serves(&*keyring) => {
                (self.store, self.is_found) = (Some(keyring), true);
                return Ok(self);
            }
            Ok(_) => "",
            Err(reason) => reason,
        };
        if found.is_some_and(|store| !store.names().is_empty()) {
            return Ok(self);
        }
        match ReadOnly::mounted(context)? {
            Some(mounted) => self.store = Some(Rc::new(mounted)),
            None => self.looked.extend([
                format!("the OS keyring ({keyring})"),
                names::KSM_CONFIG_FILE.to_owned(),
                names::KSM_TOKEN.to_owned(),
            ]),
        }
        Ok(self)
    }

    /// Says which settings were made and do not count, because nothing is where they point, or because a store that was
    /// merely found goes before them (D37). Which of two that were named goes first is the user's own choice.
    pub async fn passed_over(&self, context: &StoreContext) -> Vec<String> {
        let environment = &context.environment;
        let gap = read_only::behind_a_gap(environment);
        let Some(store) = self.store.as_deref() else {
            let makes_directory = environment.get(names::KSM_TOKEN).is_some();
            let missing = warnings::unused_directory(None, environment);
            let missing = missing.filter(|_| !makes_directory);
            return missing.into_iter().chain(gap).collect();
        };
        if !self.is_found {
            return Vec::new();
        }
        let location = store.location();
        let missing = warnings::unused_directory(Some(&location), environment);
        let mut said: Vec<String> = missing.into_iter().chain(gap).collect();
        let mut beaten = |name| {
            said.push(format!(
                "{name} is set and not used, because {location} goes before it"
            ));
        };
        let is_mounted = location == names::KSM_CONFIG_FILE;
        if environment.nonempty(names::KSM_CONFIG_FILE).is_some() && !is_mounted {
            beaten(names::KSM_CONFIG_FILE);
        }
        if let Some(token) = environment.text(names::KSM_TOKEN)
            && !store.names().is_empty()
            && !is_mounted
            && !is_of_token(store, &token).await
        {
            beaten(names::KSM_TOKEN);
        }
        said
    }

    fn named(store: Rc<dyn Store>) -> Self {
        Self {
            store: Some(store),
            is_found: false,
            looked: Vec::new(),
        }
    }
}

/// Whether the token made one of the profiles, as at every start after the first. A keyring is not opened to see it.
async fn is_of_token(store: &dyn Store, token: &str) -> bool {
    if store.limits().after_files {
        return true;
    }
    let token = OneTimeToken::parse(pasted::text(token).expose()).ok();
    let client_id = token.and_then(|token| token.client_id().ok());
    match client_id {
        Some(client_id) => store.of_device(&client_id).await.is_some(),
        None => false,
    }
}

/// The profiles in the keyring, or why there are none. A keyring that has profiles but cannot list them is an error.
async fn in_keyring(context: &StoreContext) -> Result<Result<Rc<dyn Store>, &'static str>, Error> {
    if search::of_development(&context.environment).is_some() {
        return Ok(Err("a development vault has none"));
    }
    if let Some(obstacle) = keyring::obstacle(&context.environment) {
        return Ok(Err(obstacle));
    }
    match KeyringStore::found(context).await {
        Ok(Some(store)) if !store.names().is_empty() => Ok(Ok(Rc::new(store))),
        Ok(_) => Ok(Err("it has no profiles")),
        Err(keyring::Error::Absent) => Ok(Err("nobody offers one")),
        // The variable may be left from a login, as in a container. Whoever asks for the keyring meets the error.
        Err(keyring::Error::NoBus | keyring::Error::Bus(_)) => {
            Ok(Err("the session bus cannot be reached"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The keyring, if it has profiles and `store` is a place that goes before it.
pub async fn hidden_by(
    store: &dyn Store,
    context: &StoreContext,
) -> Result<Option<Rc<dyn Store>>, Error> {
    if store.limits().read_only || store.limits().after_files {
        return Ok(None);
    }
    Ok(in_keyring(context).await?.ok())
}

/// Chooses the store for a new profile: the file that the user named, else the kind of store; without either the keyring
/// if the profiles are there already, else the usual kind (D12, FIX 13).
pub async fn for_new(
    file: Option<&Path>,
    kind: Option<&Kind>,
    context: &StoreContext,
) -> Result<Rc<dyn Store>, Error> {
    if file.is_none()
        && kind.is_none()
        && search::find(&context.environment).is_none()
        && let Ok(keyring) = in_keyring(context).await?
    {
        return Ok(keyring);
    }
    let kind = kind.unwrap_or(USUAL);
    match kind.for_new {
        Some(for_new) => for_new(file, context),
        None => Err(Error::UnknownStorage(kind.name.into())),
    }
}

#[cfg(test)]
mod tests;
