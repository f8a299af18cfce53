//! Values by the names of variables, with the system's idea of when two names are one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;

/// Prints as the names, since values are secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct ByName<V>(BTreeMap<OsString, (OsString, V)>);

pub(super) type Variables = ByName<OsString>;

impl<V> ByName<V> {
    pub fn get(&self, name: &OsStr) -> Option<&V> {
        let (_, value) = self.0.get(&*key(name))?;
        Some(value)
    }

    /// The name is written as the last one wrote it.
    pub fn set(&mut self, name: OsString, value: V) {
        self.0.insert(key(&name).into_owned(), (name, value));
    }

    pub fn remove(&mut self, name: &OsStr) {
        self.0.remove(&*key(name));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &V)> {
        self.0
            .values()
            .map(|(name, value)| (name.as_os_str(), value))
    }
}

/// Whether two names are one variable: on Windows their case does not matter.
pub(super) fn is_same(name: impl AsRef<OsStr>, other: impl AsRef<OsStr>) -> bool {
    key(name.as_ref()) == key(other.as_ref())
}

fn key(name: &OsStr) -> Cow<'_, OsStr> {
    match cfg!(windows) {
        true => Cow::Owned(upper(name)),
        false => Cow::Borrowed(name),
    }
}

/// The name as Windows compares it, which puts no two letters for one.
fn upper(name: &OsStr) -> OsString {
    let Some(text) = name.to_str() else {
        return name.to_owned();
    };
    let upper = |letter: char| {
        let mut letters = letter.to_uppercase();
        match (letters.next(), letters.next()) {
            // No letter beyond ASCII becomes one of ASCII.
            (Some(upper), None) if upper.is_ascii() == letter.is_ascii() => upper,
            _ => letter,
        }
    };
    text.chars().map(upper).collect::<String>().into()
}

impl<V> Default for ByName<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Variables {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let mut all = Self::default();
        for (name, value) in variables {
            all.set(name.into(), value.into());
        }
        all
    }
}

impl<V> fmt::Debug for ByName<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn case_counts_everywhere_but_on_windows() {
        let mut variables = Variables::from_iter([("Path", "first"), ("other", "kept")]);
        variables.set("PATH".into(), "second".into());
        let names: Vec<_> = variables.iter().map(|(name, _)| name).collect();
        match cfg!(windows) {
            true => assert_eq!(names, ["other", "PATH"]),
            false => assert_eq!(names, ["PATH", "Path", "other"]),
        }
        variables.remove("path".as_ref());
        let is_left = variables.get("Path".as_ref()).is_some();
        assert_eq!(is_left, !cfg!(windows));
    }

    #[test]
    fn letters_become_single_upper_ones() {
        let table = "
            Path => PATH
            größe_é => GRÖßE_É
            ключ => КЛЮЧ
            ſı => ſı
        ";
        for (name, expected) in cases(table) {
            assert_eq!(upper(name.as_ref()), expected, "{name}");
        }
    }
}
