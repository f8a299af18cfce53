//! The environment of a program that is started: ours without our credentials (D23).

use std::ffi::{OsStr, OsString};
use std::fmt;

use super::names;
use super::variables::{Variables, is_same};

/// Whether a program may act as this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnConfig {
    Withheld,
    /// It gets `KSM_CONFIG` and its kin, and may run `ksm` itself. One-time tokens it never gets.
    Kept,
}

/// All variables of a program. Prints as their names.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ChildEnvironment {
    variables: Variables,
    nameless: Vec<OsString>,
}

impl ChildEnvironment {
    pub(super) fn inherited(ours: &Variables, config: OwnConfig) -> Self {
        let kept = ours.iter().filter(|(name, _)| config.passes_on(name));
        Self {
            variables: kept.collect(),
            nameless: Vec::new(),
        }
    }

    pub fn get(&self, name: impl AsRef<OsStr>) -> Option<&OsStr> {
        self.variables.get(name.as_ref()).map(OsString::as_os_str)
    }

    /// Sets a variable, which may be one of those that are not inherited.
    pub fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.variables.set(name.into(), value.into());
    }

    pub fn remove(&mut self, name: impl AsRef<OsStr>) {
        self.variables.remove(name.as_ref());
    }

    /// All variables, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        let variables = self.variables.iter();
        variables.map(|(name, value)| (name, value.as_os_str()))
    }

    /// Entries without `=`, which are no variables and which the standard library does not hand on.
    pub fn nameless(&self) -> &[OsString] {
        &self.nameless
    }

    pub fn set_nameless(&mut self, entries: Vec<OsString>) {
        self.nameless = entries;
    }
}

impl fmt::Debug for ChildEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ChildEnvironment")
            .field(&self.variables)
            .finish()
    }
}

impl OwnConfig {
    /// Whether a program may get the variable of this name from us.
    pub fn passes_on(self, name: &OsStr) -> bool {
        match name.to_str() {
            Some(name) if is_token(name) => false,
            Some(name) if is_config(name) => self == Self::Kept,
            _ => true,
        }
    }
}

fn is_token(name: &str) -> bool {
    names::TOKENS.iter().any(|token| is_same(name, token))
}

fn is_config(name: &str) -> bool {
    let is_numbered = |prefix: &str| {
        let parts = name.split_at_checked(prefix.len());
        parts.is_some_and(|(head, number)| {
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            is_same(head, prefix) && !number.is_empty() && is_number
        })
    };
    is_same(name, names::KSM_CONFIG) || names::NUMBERED_CONFIGS.into_iter().any(is_numbered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;

    #[test]
    fn our_credentials_stay_with_us() {
        use OwnConfig::{Kept, Withheld};
        // Name, kept when the configuration is withheld, kept when it is not.
        let cases = [
            ("KSM_TOKEN", false, false),
            ("KSM_CLI_TOKEN", false, false),
            ("KSM_CONFIG", false, true),
            ("KSM_CONFIG_BASE64_1", false, true),
            ("KSM_CONFIG_BASE64_12", false, true),
            ("KSM_CONFIG_BASE64_DESC_1", false, true),
            ("KSM_CONFIG_BASE64_", true, true),
            ("KSM_CONFIG_BASE64_x", true, true),
            ("KSM_CONFIG_FILE", true, true),
            ("KSM_CLI_PROFILE", true, true),
            ("MY_KSM_TOKEN", true, true),
            ("ksm_token", !cfg!(windows), !cfg!(windows)),
            ("PATH", true, true),
        ];
        for (name, withheld, kept) in cases {
            for (config, expected) in [(Withheld, withheld), (Kept, kept)] {
                let ours = Environment::from_iter([(name, "canary")]);
                let child = ours.for_child(config);
                assert_eq!(child.get(name).is_some(), expected, "{name} {config:?}");
            }
        }
    }

    #[test]
    fn debug_output_names_variables_only() {
        let ours = Environment::from_iter([("NAME", "canary")]);
        assert_eq!(format!("{ours:?}"), r#"{"NAME"}"#);
        let shown = format!("{:?}", ours.for_child(OwnConfig::Withheld));
        assert_eq!(shown, r#"ChildEnvironment({"NAME"})"#);
    }
}
