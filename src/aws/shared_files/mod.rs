//! `~/.aws/config` and `~/.aws/credentials`, in the dialect of the official library: Python's configparser without
//! interpolation. A general INI reader would unescape backslashes and cut values at a `#`, which may belong to a key.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::credentials::text;
use crate::environment::{Environment, names};
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

/// Why one of the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There, and not readable.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: input::Error,
    },
    /// Read, and no configuration. The line is not quoted, since it may hold a key.
    #[error("line {line} of {path} is {what}")]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
}

type Section = HashMap<String, Sensitive<String>>;

/// What both files say, profile by profile. It prints nothing of it.
#[derive(Default)]
pub(super) struct SharedFiles {
    config: HashMap<String, Section>,
    credentials: HashMap<String, Section>,
    services: HashMap<String, Section>,
}

/// One profile, of both files.
#[derive(Clone, Copy)]
pub(super) struct Profile<'a> {
    config: Option<&'a Section>,
    credentials: Option<&'a Section>,
}

impl<'a> Profile<'a> {
    /// A setting that is not empty. What the file of credentials says goes first, as in the official library.
    pub(super) fn get(self, key: &str) -> Option<&'a Sensitive<String>> {
        let sections = [self.credentials, self.config].into_iter().flatten();
        let mut found = sections.filter_map(|section| section.get(key));
        found.find(|value| !value.expose().is_empty())
    }
}

impl SharedFiles {
    /// Reads the files; one that is not there says nothing.
    pub(super) fn read(environment: &Environment) -> Result<Self, Error> {
        let read = |variable, name| {
            let path = text(environment, variable).map(|path| expand(&path, environment));
            let path = path.or_else(|| Some(home(environment)?.join(".aws").join(name)));
            let Some(path) = path else {
                return Ok(Vec::new());
            };
            let content = content(&path).map_err(|source| Error::Read {
                path: path.clone(),
                source,
            })?;
            sections(content.expose()).map_err(|(line, what)| Error::Line { path, line, what })
        };
        Ok(Self::of(
            read(names::AWS_CONFIG_FILE, "config")?,
            read(names::AWS_SHARED_CREDENTIALS_FILE, "credentials")?,
        ))
    }

    /// What the texts of both files say; the number of the line that is wrong.
    #[cfg(test)]
    pub(super) fn parse(config: &str, credentials: &str) -> Result<Self, (usize, &'static str)> {
        Ok(Self::of(sections(config)?, sections(credentials)?))
    }

    fn of(config: Vec<(String, Section)>, credentials: Vec<(String, Section)>) -> Self {
        let mut files = Self {
            credentials: credentials.into_iter().collect(),
            ..Self::default()
        };
        for (header, section) in config {
            match Header::of(&header) {
                Some(Header::Profile(name)) => files.config.insert(name, section),
                Some(Header::Services(name)) => files.services.insert(name, section),
                None => None,
            };
        }
        files
    }

    /// The settings of `service` in the section `[services NAME]`, if there is such a section.
    pub(super) fn service(&self, name: &str, service: &str) -> Option<Nested<'_>> {
        let section = self.services.get(name)?;
        let settings = section.get(service);
        Some(Nested(settings.map_or("", |text| text.expose())))
    }

    /// The profile of this name, if either file has it.
    pub(super) fn profile(&self, name: &str) -> Option<Profile<'_>> {
        let profile = Profile {
            config: self.config.get(name),
            credentials: self.credentials.get(name),
        };
        (profile.config.is_some() || profile.credentials.is_some()).then_some(profile)
    }
}

/// Settings inside a setting: the indented lines below `secrets_manager =`.
#[derive(Clone, Copy)]
pub(super) struct Nested<'a>(&'a str);

impl<'a> Nested<'a> {
    /// A setting that is not empty.
    pub(super) fn get(self, key: &str) -> Option<&'a str> {
        let settings = self.0.lines().filter_map(|line| line.split_once('='));
        let mut found = settings.filter(|(name, _)| name.trim() == key);
        let (_, value) = found.next()?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }
}

/// What a header of the config file opens, of what we use.
enum Header {
    /// `default`, `profile NAME`, `profile "NAME"`.
    Profile(String),
    /// `services NAME`.
    Services(String),
}

impl Header {
    fn of(text: &str) -> Option<Self> {
        let words = shlex::split(text)?;
        match words.as_slice() {
            [only] if only == "default" => Some(Self::Profile(only.clone())),
            [kind, name] if kind == "profile" => Some(Self::Profile(name.clone())),
            [kind, name] if kind == "services" => Some(Self::Services(name.clone())),
            _ => None,
        }
    }
}

fn sections(content: &str) -> Result<Vec<(String, Section)>, (usize, &'static str)> {
    let mut sections: Vec<(String, Section)> = Vec::new();
    let mut open: Option<String> = None;
    for (at, line) in content.trim_start_matches('\u{feff}').lines().enumerate() {
        let refuse = |what| Err((at + 1, what));
        let body = line.trim();
        if body.is_empty() || body.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with(char::is_whitespace)
            && let (Some(key), Some((_, section))) = (&open, sections.last_mut())
        {
            // A deeper line goes on with the value above, or is a setting inside it (`s3 =`), which is none of ours.
            let value = section.entry(key.clone()).or_default();
            value.expose_mut().push('\n');
            value.expose_mut().push_str(body);
            continue;
        }
        if let Some((name, _)) = body
            .strip_prefix('[')
            .and_then(|rest| rest.rsplit_once(']'))
        {
            if sections.iter().any(|(known, _)| known == name) {
                return refuse("the second header of its section");
            }
            sections.push((name.trim().to_owned(), Section::new()));
            open = None;
            continue;
        }
        let (Some((_, section)), Some((key, value))) =
            (sections.last_mut(), body.split_once(['=', ':']))
        else {
            return refuse("neither a [section] nor a setting in one");
        };
        let key = key.trim_end().to_lowercase();
        let value = Sensitive::new(value.trim().to_owned());
        if section.insert(key.clone(), value).is_some() {
            return refuse("the second setting of its name in one section");
        }
        open = Some(key);
    }
    Ok(sections)
}

fn content(path: &Path) -> Result<Sensitive<String>, input::Error> {
    match input::file(path, Limit::AWS_CONFIG) {
        Err(error) if error.is_not_found() => Ok(Sensitive::default()),
        content => content.and_then(input::text),
    }
}

fn home(environment: &Environment) -> Option<PathBuf> {
    let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    text(environment, home).map(PathBuf::from)
}

/// `~/x` as a shell would have it, since these variables are often set where no shell was.
fn expand(path: &str, environment: &Environment) -> PathBuf {
    match (path.strip_prefix("~/"), home(environment)) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests;
