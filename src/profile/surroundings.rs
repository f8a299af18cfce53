//! What the environment says about files, in the spelling of the official CLI.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::http::Lookup;
use crate::private_file::Policy;
use crate::storage::Ambient;

/// What decides where files are looked for.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The environment.
    pub var: Lookup<'a>,
    /// The working directory, absolute; none where it was deleted under us.
    pub directory: Option<&'a Path>,
    /// How the user is told that something waits for them.
    pub tell: fn(&str),
}

impl Surroundings<'_> {
    /// A variable as text; unset and empty are alike. What is no text in it becomes a replacement character, so that it
    /// is refused as what it was meant to be, and not passed over.
    pub fn text(&self, name: &str) -> Option<String> {
        Some(self.set(name)?.to_string_lossy().into_owned())
    }

    /// Whether a variable says yes, in the official CLI's words.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| is_true(&text))
    }

    /// What a store elsewhere needs of it.
    pub fn ambient(&self) -> Ambient<'_> {
        Ambient {
            var: self.var,
            tell: self.tell,
        }
    }

    /// The policy for a file the user named.
    pub fn named(&self) -> Policy {
        self.policy(Policy::Named)
    }

    /// A path as the user wrote it, made absolute.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        self.directory
            .map_or_else(|| path.to_owned(), |here| here.join(path))
    }

    pub(super) fn policy(&self, otherwise: Policy) -> Policy {
        if self.flag("KSM_CONFIG_SKIP_MODE") {
            Policy::Blind
        } else {
            otherwise
        }
    }

    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        Some(self.absolute(Path::new(&self.set(name)?)))
    }

    pub(super) fn set(&self, name: &str) -> Option<OsString> {
        (self.var)(name).filter(|value| !value.is_empty())
    }
}

/// The official CLI's ways to say yes.
fn is_true(text: &str) -> bool {
    ["y", "yes", "t", "true", "on", "1"]
        .iter()
        .any(|yes| yes.eq_ignore_ascii_case(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_official_words_say_yes() {
        for (text, expected) in [
            ("TRUE", true),
            ("on", true),
            ("1", true),
            ("no", false),
            ("", false),
        ] {
            let around = Surroundings {
                var: &|_| Some(text.into()),
                directory: None,
                tell: |_| {},
            };
            assert_eq!(around.flag("KSM_CONFIG_SKIP_MODE"), expected, "{text:?}");
        }
    }
}
