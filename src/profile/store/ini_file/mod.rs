//! A `keeper.ini`.

mod locked;

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use async_trait::async_trait;

use self::locked::LockedFile;
use super::pending::files;
use super::{Edit, Error, KINDS, Kind, Store, StoreContext, referred};
use crate::environment::names;
use crate::foreign::Text;
use crate::private_file::{self, Concern, Content, Policy};
use crate::profile::bundle;
use crate::profile::config::Config;
use crate::profile::ini::{self, Document, SETTINGS};
use crate::profile::name::ProfileName;
use crate::profile::search;

pub const KIND: Kind = Kind {
    name: "ini",
    is_built: true,
    for_new: Some(|path, context| match path {
        Some(path) => Ok(Rc::new(IniFile::named(path, context))),
        None => {
            let path = search::new_file(&context.environment).ok_or(Error::NoDirectory)?;
            // The directory that a variable names is made, as at a start with KSM_TOKEN.
            Ok(Rc::new(IniFile {
                makes_directory: search::in_ini_dir(&context.environment).is_some(),
                ..IniFile::found_at(path, context)
            }))
        }
    }),
    open: Some(|path, context| {
        // Whether it is there may be hidden from us, which opening it tells better.
        let is_there = path.try_exists().unwrap_or(true);
        is_there.then(|| Ok(Rc::new(IniFile::named(path, context).opened()?) as Rc<dyn Store>))
    }),
    referred: None,
    entries: &[],
};

/// The file, and what it said when it was read.
#[derive(Debug, Clone)]
pub struct IniFile {
    path: PathBuf,
    policy: Policy,
    document: Document,
    pub(in crate::profile) warnings: Vec<String>,
    /// Whether a change makes the directory, too.
    makes_directory: bool,
    context: StoreContext,
}

impl IniFile {
    /// A file that was not read.
    pub fn new(path: PathBuf, policy: Policy, context: &StoreContext) -> Self {
        Self {
            path,
            policy,
            document: Document::default(),
            warnings: Vec::new(),
            makes_directory: false,
            context: context.clone(),
        }
    }

    /// A file that the user named, which was not read.
    pub fn named(path: &Path, context: &StoreContext) -> Self {
        Self::new(path.to_owned(), Policy::Named, context)
    }

    /// The file that the search finds, which was not read.
    pub fn found(context: &StoreContext) -> Option<Self> {
        let path = search::find(&context.environment)?;
        Some(Self::found_at(path, context))
    }

    /// The files that a start may make where nobody can be asked (D12), best first.
    pub fn unattended(context: &StoreContext) -> Vec<Self> {
        let paths = search::new_file_unattended(&context.environment).into_iter();
        let files = paths.map(|path| Self {
            makes_directory: true,
            ..Self::found_at(path, context)
        });
        files.collect()
    }

    /// A file where the search would find it, which was not read.
    fn found_at(path: PathBuf, context: &StoreContext) -> Self {
        let policy = search::policy_of(&path, &context.environment);
        Self::new(path, policy, context)
    }

    pub fn opened(self) -> Result<Self, Error> {
        let content = private_file::read(&self.path, self.policy())?;
        self.holding(content)
    }

    fn holding(mut self, (bytes, concerns): Content) -> Result<Self, Error> {
        let document = Document::parse(bytes.expose());
        self.document = document.map_err(|source| {
            match bundle::text(bytes.expose()).and_then(bundle::read) {
                Ok(_) | Err(bundle::Error::Protected) => Error::Exported(self.path.clone()),
                Err(_) => self.broken(source),
            }
        })?;
        let environment = &self.context.environment;
        let quiet = environment.flag(names::KSM_CONFIG_SKIP_MODE_WARNING);
        let is_news = |concern: &&Concern| !quiet || !matches!(concern, Concern::Readable { .. });
        let concerns = concerns.iter().filter(is_news);
        self.warnings = concerns.map(ToString::to_string).collect();
        Ok(self)
    }

    fn policy(&self) -> Policy {
        search::policy(self.policy, &self.context.environment)
    }

    /// Whether a bind of this device was begun here.
    pub fn has_bind(&self, client_id: &str) -> bool {
        files::has_bind(&self.path, client_id)
    }

    fn broken(&self, source: ini::Error) -> Error {
        Error::Ini {
            path: self.path.clone(),
            source,
        }
    }
}

#[async_trait(?Send)]
impl Store for IniFile {
    fn location(&self) -> String {
        self.path.display().to_string()
    }

    fn location_in_full(&self) -> String {
        format!("INI config file located at {}", self.path.display())
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// In the words of the official CLI, which calls each file by the usual name.
    fn note_of_change(&self) -> Option<String> {
        let is_private = cfg!(unix) && self.policy() != Policy::Blind;
        let name = Text::from(self.path.file_name()?.to_string_lossy());
        is_private.then(|| format!("Set {name} permissions to 0600 (owner-only access)"))
    }

    fn names(&self) -> Vec<ProfileName> {
        let names = self.document.profiles();
        names.map(ProfileName::existing).collect()
    }

    fn has(&self, name: &ProfileName) -> bool {
        self.document.has_profile(name.as_str())
    }

    fn setting(&self, key: &str) -> Option<&str> {
        let value = self.document.get(SETTINGS, key)?;
        Some(value.expose())
    }

    fn is_unvouched(&self) -> bool {
        matches!(self.policy, Policy::Found { .. })
            && search::lies_here(&self.path, &self.context.environment)
    }

    fn elsewhere(&self, name: &ProfileName) -> Result<Option<Rc<dyn Store>>, Error> {
        let Some(storage) = referred(&self.document, name.as_str()) else {
            return Ok(None);
        };
        let mut kinds = KINDS.iter().filter(|kind| kind.name == storage);
        let open = kinds.find_map(|kind| kind.referred);
        let open = open.ok_or_else(|| Error::UnknownStorage(storage.into()))?;
        open(&self.document, name, &self.context).map(Some)
    }

    async fn load(&self, name: &ProfileName) -> Result<Config, Error> {
        Ok(Config::in_section(&self.document, name.as_str()))
    }

    async fn edit_within(&self, patience: Duration) -> Result<Box<dyn Edit>, Error> {
        if let Some(directory) = self.path.parent().filter(|_| self.makes_directory) {
            private_file::create_directory(directory)?;
        }
        let lock = private_file::lock(&self.path, self.policy(), patience).await?;
        let file = match lock.is_new() {
            true => Self::new(self.path.clone(), self.policy, &self.context),
            false => self.clone().holding(lock.read()?)?,
        };
        Ok(Box::new(LockedFile { file, lock }))
    }
}

#[cfg(test)]
mod tests;
