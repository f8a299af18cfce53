//! Names of profiles: those that new ones may have, and those that other programs have left in files.

use std::fmt;

use crate::foreign;

/// The profile of a run that names none and knows no active one.
pub const DEFAULT: &str = "_default";

/// Sections of an INI file that are no profiles.
const RESERVED: [&str; 2] = ["_config", "DEFAULT"];

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileName(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("The profile '{0}' is a reserved profile name. Cannot not init profile.")]
    Reserved(String),
    #[error(
        "Profile name must be 1-64 characters, containing only alphanumeric characters, hyphens, and underscores"
    )]
    Malformed,
}

impl ProfileName {
    /// A name for a new profile: 1 to 64 of `A-Z a-z 0-9 _ -`, and not `_config` or `DEFAULT` in any case.
    pub fn new(text: &str) -> Result<Self, Error> {
        if RESERVED.iter().any(|name| name.eq_ignore_ascii_case(text)) {
            return Err(Error::Reserved(text.to_owned()));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if text.is_empty() || text.len() > 64 || !text.chars().all(fits) {
            return Err(Error::Malformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// A name to look up. Other programs are less strict about what they store.
    pub fn existing(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The name that a variable gives to the profile in it: any line of text that is not the name of something else.
    pub fn in_variable(text: &str) -> Option<Self> {
        let reserved = RESERVED.iter().any(|name| name.eq_ignore_ascii_case(text));
        (!reserved && !text.chars().any(char::is_control)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn list(names: &[Self]) -> String {
        let names: Vec<_> = names.iter().map(Self::as_str).collect();
        foreign::Text::from(names.join(", ")).to_string()
    }
}

impl Default for ProfileName {
    fn default() -> Self {
        Self(DEFAULT.to_owned())
    }
}

/// For messages: other programs, and other people, may have chosen it.
impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        foreign::Text::from(&self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_names_are_checked() {
        let long = "a".repeat(64);
        for name in ["_default", "a", "A-b_9", "config", long.as_str()] {
            assert!(ProfileName::new(name).is_ok(), "{name}");
        }
        let longer = "a".repeat(65);
        for name in ["", "bad name", "naïve", "a.b", "a]", longer.as_str()] {
            assert_eq!(ProfileName::new(name), Err(Error::Malformed), "{name}");
        }
        for name in ["_config", "_Config", "DEFAULT", "default"] {
            let reserved = Error::Reserved(name.to_owned());
            assert_eq!(ProfileName::new(name), Err(reserved), "{name}");
        }
    }
}
