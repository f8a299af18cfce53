//! Variables and working directory, captured once when the program starts; nothing else asks the system for them.

pub mod child;
pub mod names;
mod variables;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use child::{ChildEnvironment, OwnConfig};
pub use variables::ByName;
use variables::Variables;

/// A snapshot. Prints as the names of its variables, since values are secrets.
#[derive(Clone, Default)]
pub struct Environment {
    variables: Variables,
    directory: Option<PathBuf>,
    temporary: PathBuf,
}

/// The kinds of systems that name places differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Unix,
    Windows,
}

impl System {
    /// The one that this program is built for.
    pub const OURS: Self = match cfg!(windows) {
        true => Self::Windows,
        false => Self::Unix,
    };
}

/// A variable that has to be yes or no, and is neither.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is neither true nor false")]
pub struct NotBoolean {
    pub name: &'static str,
}

impl Environment {
    #[expect(
        clippy::disallowed_methods,
        reason = "everything else reads this snapshot"
    )]
    pub fn of_process() -> Self {
        Self {
            variables: std::env::vars_os().collect(),
            directory: std::env::current_dir().ok(),
            temporary: std::env::temp_dir(),
        }
    }

    /// The same variables in another working directory.
    pub fn in_directory(self, directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: Some(directory.into()),
            ..self
        }
    }

    /// The same with another variable, or another value for it.
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.set(name.into(), value.into());
        self
    }

    /// The value of a variable, which may be empty.
    pub fn get(&self, name: impl AsRef<OsStr>) -> Option<&OsStr> {
        self.variables.get(name.as_ref()).map(OsString::as_os_str)
    }

    /// The value of a variable that is set to something.
    pub fn nonempty(&self, name: impl AsRef<OsStr>) -> Option<&OsStr> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The same as text. Bytes that are no text become replacement characters, so that such a value is refused as what
    /// it was meant to be, and not passed over.
    pub fn text(&self, name: impl AsRef<OsStr>) -> Option<String> {
        Some(self.nonempty(name)?.to_string_lossy().into_owned())
    }

    /// The same without white space around it.
    pub fn trimmed(&self, name: impl AsRef<OsStr>) -> Option<String> {
        let text = self.text(name)?.trim().to_owned();
        Some(text).filter(|text| !text.is_empty())
    }

    /// The same as an absolute path.
    pub fn path(&self, name: impl AsRef<OsStr>) -> Option<PathBuf> {
        Some(self.absolute(Path::new(self.nonempty(name)?)))
    }

    /// The home directory, by its variable only: a container may have none (B1).
    pub fn home(&self) -> Option<PathBuf> {
        let name = if cfg!(windows) {
            names::USERPROFILE
        } else {
            names::HOME
        };
        self.path(name)
    }

    /// Whether a variable says yes; every other word is a no.
    pub fn flag(&self, name: impl AsRef<OsStr>) -> bool {
        self.text(name).as_deref().and_then(boolean) == Some(true)
    }

    /// The value of a variable that must be yes or no if it is set.
    pub fn boolean(&self, name: &'static str) -> Result<Option<bool>, NotBoolean> {
        let text = self.text(name);
        let value = text.map(|text| boolean(&text).ok_or(NotBoolean { name }));
        value.transpose()
    }

    /// The working directory, absolute; none where it was deleted under us.
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// The directory for temporary files.
    pub fn temporary_directory(&self) -> &Path {
        &self.temporary
    }

    /// A path as the user wrote it, made absolute.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        self.directory()
            .map_or_else(|| path.to_owned(), |here| here.join(path))
    }

    /// This program itself, with the environment that it was started with.
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing is withheld from ourselves"
    )]
    pub fn this_program() -> io::Result<Command> {
        Ok(Command::new(std::env::current_exe()?))
    }

    /// The environment of a program to be started.
    pub fn for_child(&self, config: OwnConfig) -> ChildEnvironment {
        ChildEnvironment::inherited(&self.variables, config)
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self {
            variables: variables.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.variables.fmt(f)
    }
}

/// The words of the official CLI for yes and no.
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Some(true),
        "n" | "no" | "f" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_official_words_say_yes() {
        for (text, flag, expected) in [
            ("TRUE", true, Ok(Some(true))),
            (" on\n", true, Ok(Some(true))),
            ("1", true, Ok(Some(true))),
            ("no", false, Ok(Some(false))),
            ("", false, Ok(None)),
            ("maybe", false, Err(NotBoolean { name: "A" })),
        ] {
            let environment = Environment::from_iter([("A", text)]);
            assert_eq!(environment.flag("A"), flag, "{text:?}");
            assert_eq!(environment.boolean("A"), expected, "{text:?}");
        }
    }

    #[test]
    fn paths_begin_at_the_working_directory() {
        let environment = Environment::from_iter([("A", "sub"), ("EMPTY", "")]);
        assert_eq!(environment.path("A").as_deref(), Some(Path::new("sub")));
        let environment = environment.in_directory("/here");
        assert_eq!(environment.path("A"), Some(Path::new("/here").join("sub")));
        assert_eq!(environment.path("EMPTY"), None);
    }
}
