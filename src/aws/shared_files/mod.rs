//! `~/.aws/config` and `~/.aws/credentials`, in the dialect of the official library: Python's configparser without
//! interpolation. It refuses repeated names and lines without a meaning, and errors tell their line.
//!
//! No option makes `rust-ini` 0.21 read this dialect: it joins a line without `=`, or with a backslash at its end, with the
//! next line, takes indented comments for parts of keys and values, and keeps no line numbers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::environment::{Environment, names};
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot read {path}")]
    Read { path: PathBuf, source: input::Error },
    /// The line is not quoted, since it may hold a key.
    #[error("line {line} of {path} is {what}")]
    Line {
        path: PathBuf,
        line: usize,
        what: &'static str,
    },
}

pub(super) type Section = HashMap<String, Sensitive<String>>;

#[derive(Default)]
pub(super) struct SharedFiles {
    config: HashMap<String, Section>,
    credentials: HashMap<String, Section>,
    services: HashMap<String, Section>,
}

/// The sections of one name in both files.
#[derive(Clone, Copy)]
pub(super) struct SharedProfile<'a> {
    config: Option<&'a Section>,
    credentials: Option<&'a Section>,
}

impl<'a> SharedProfile<'a> {
    /// `None` for an empty setting. The file of credentials comes first, as in the official library.
    pub(super) fn get(self, key: &str) -> Option<&'a Sensitive<String>> {
        let sections = [self.credentials, self.config].into_iter().flatten();
        let mut found = sections.filter_map(|section| section.get(key));
        found.find(|value| !value.expose().is_empty())
    }

    /// For settings that are no secrets.
    pub(super) fn text(self, key: &str) -> Option<String> {
        self.get(key).map(|value| value.expose().clone())
    }
}

impl SharedFiles {
    /// A missing file is an empty one.
    pub(super) fn read(environment: &Environment) -> Result<Self, Error> {
        let read = |variable, name| {
            let path = environment
                .trimmed(variable)
                .map(|path| expand(&path, environment));
            let path = path.or_else(|| Some(environment.home()?.join(".aws").join(name)));
            let Some(path) = path else {
                return Ok(HashMap::new());
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

    #[cfg(test)]
    pub(super) fn parse(config: &str, credentials: &str) -> Result<Self, (usize, &'static str)> {
        Ok(Self::of(sections(config)?, sections(credentials)?))
    }

    fn of(config: HashMap<String, Section>, credentials: HashMap<String, Section>) -> Self {
        let mut files = Self {
            credentials,
            ..Self::default()
        };
        for (header, section) in config {
            let words = shlex::split(&header).unwrap_or_default();
            match words.as_slice() {
                [name] if name == "default" => files.config.insert(name.clone(), section),
                [kind, name] if kind == "profile" => files.config.insert(name.clone(), section),
                [kind, name] if kind == "services" => files.services.insert(name.clone(), section),
                _ => None,
            };
        }
        files
    }

    /// The section `[services NAME]`, whose values have settings of their own.
    pub(super) fn services(&self, name: &str) -> Option<&Section> {
        self.services.get(name)
    }

    pub(super) fn profile(&self, name: &str) -> Option<SharedProfile<'_>> {
        let profile = SharedProfile {
            config: self.config.get(name),
            credentials: self.credentials.get(name),
        };
        (profile.config.is_some() || profile.credentials.is_some()).then_some(profile)
    }
}

/// A setting in the indented lines below a key such as `secrets_manager =`; `None` for an empty one.
pub(super) fn nested<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let settings = text.lines().filter_map(|line| line.split_once('='));
    let mut found = settings.filter(|(name, _)| name.trim() == key);
    let (_, value) = found.next()?;
    Some(value.trim()).filter(|value| !value.is_empty())
}

/// Fails with the number of a line and what it is.
pub(super) fn sections(content: &str) -> Result<HashMap<String, Section>, (usize, &'static str)> {
    let mut sections = HashMap::new();
    // The section of the lines, and the setting that an indented line continues.
    let mut open: Option<(String, Section)> = None;
    let mut setting: Option<(String, Sensitive<String>)> = None;
    for (at, line) in content.trim_start_matches('\u{feff}').lines().enumerate() {
        let refuse = |what| Err((at + 1, what));
        let body = line.trim();
        if body.is_empty() || body.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with(char::is_whitespace)
            && let Some((_, value)) = &mut setting
        {
            // An indented line continues the value above, or is a setting within it.
            value.expose_mut().push('\n');
            value.expose_mut().push_str(body);
            continue;
        }
        if let Some((_, section)) = &mut open {
            section.extend(setting.take());
        }
        if let Some((name, _)) = body
            .strip_prefix('[')
            .and_then(|rest| rest.rsplit_once(']'))
        {
            sections.extend(open.take());
            let name = name.trim().to_owned();
            if sections.contains_key(&name) {
                return refuse("the second header of its section");
            }
            open = Some((name, Section::new()));
            continue;
        }
        let (Some((_, section)), Some((key, value))) = (&open, body.split_once(['=', ':'])) else {
            return refuse("neither a [section] nor a setting in one");
        };
        let key = key.trim_end().to_lowercase();
        if section.contains_key(&key) {
            return refuse("the second setting of its name in one section");
        }
        setting = Some((key, Sensitive::new(value.trim().to_owned())));
    }
    if let Some((_, section)) = &mut open {
        section.extend(setting);
    }
    sections.extend(open);
    Ok(sections)
}

fn content(path: &Path) -> Result<Sensitive<String>, input::Error> {
    match input::file(path, Limit::AWS_CONFIG) {
        Err(error) if error.is_not_found() => Ok(Sensitive::default()),
        content => content.and_then(input::text),
    }
}

/// Expands `~/`, since these variables are often set without a shell.
fn expand(path: &str, environment: &Environment) -> PathBuf {
    match (path.strip_prefix("~/"), environment.home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests;
