//! Variables by name, with the system's idea of when two names are the same.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;

#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Variables(BTreeMap<OsString, OsString>);

impl Variables {
    pub(super) fn get(&self, name: &OsStr) -> Option<&OsStr> {
        let value = match cfg!(windows) {
            true => self.iter().find(|(known, _)| is_same(known, name))?.1,
            false => self.0.get(name)?,
        };
        Some(value)
    }

    pub(super) fn set(&mut self, name: OsString, value: OsString) {
        self.remove(&name);
        self.0.insert(name, value);
    }

    pub(super) fn remove(&mut self, name: &OsStr) {
        match cfg!(windows) {
            true => self.0.retain(|known, _| !is_same(known, name)),
            false => drop(self.0.remove(name)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

/// Whether two names are one variable: on Windows their case does not matter.
pub(super) fn is_same(name: impl AsRef<OsStr>, other: impl AsRef<OsStr>) -> bool {
    let (name, other) = (name.as_ref(), other.as_ref());
    match cfg!(windows) {
        true => name.eq_ignore_ascii_case(other),
        false => name == other,
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Variables {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let variables = variables.into_iter();
        Self(
            variables
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

/// Values are secrets.
impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
