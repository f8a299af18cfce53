//! The environment of a program to be started, and the only place that says what of ours it does not get.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;

/// Whether the program may act as this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnConfig {
    /// It gets none of our configuration.
    Withheld,
    /// It gets `KSM_CONFIG` and its kin, and may run `ksm` itself. One-time tokens it never gets.
    Kept,
}

/// Variables by name. Prints as their names, since values are secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// What a program inherits of `ours`: all but our credentials (decision D23).
    pub fn inherited(
        ours: impl IntoIterator<Item = (OsString, OsString)>,
        config: OwnConfig,
    ) -> Self {
        let kept = ours
            .into_iter()
            .filter(|(name, _)| is_passed_on(name, config));
        Self(kept.collect())
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let is_it = |known: &OsStr| known.to_str().is_some_and(|known| is_same(known, name));
        self.iter()
            .find(|(known, _)| is_it(known))
            .map(|(_, value)| value)
    }

    /// Sets a variable, replacing what it held.
    pub fn set(&mut self, name: OsString, value: OsString) {
        self.0.insert(name, value);
    }

    /// Takes a variable out.
    pub fn remove(&mut self, name: &OsStr) {
        self.0.remove(name);
    }

    /// All variables, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Whether a program may get the variable of this name from us.
pub(super) fn is_passed_on(name: &OsStr, config: OwnConfig) -> bool {
    match name.to_str() {
        Some(name) if is_token(name) => false,
        Some(name) if is_config(name) => config == OwnConfig::Kept,
        _ => true,
    }
}

fn is_token(name: &str) -> bool {
    ["KSM_TOKEN", "KSM_CLI_TOKEN"]
        .into_iter()
        .any(|token| is_same(name, token))
}

fn is_config(name: &str) -> bool {
    let numbered = |prefix: &str| {
        name.split_at_checked(prefix.len())
            .is_some_and(|(head, number)| {
                is_same(head, prefix)
                    && !number.is_empty()
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            })
    };
    is_same(name, "KSM_CONFIG")
        || numbered("KSM_CONFIG_BASE64_")
        || numbered("KSM_CONFIG_BASE64_DESC_")
}

// Names differ in case alone on Unix only.
fn is_same(name: &str, ours: &str) -> bool {
    if cfg!(windows) {
        name.eq_ignore_ascii_case(ours)
    } else {
        name == ours
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("PATH", true, true),
        ];
        for (name, withheld, kept) in cases {
            for (config, expected) in [(Withheld, withheld), (Kept, kept)] {
                let ours = [(OsString::from(name), OsString::from("canary"))];
                let environment = Environment::inherited(ours, config);
                assert_eq!(
                    environment.get(name).is_some(),
                    expected,
                    "{name} {config:?}"
                );
            }
        }
    }

    #[test]
    fn debug_output_names_variables_only() {
        let mut environment = Environment::default();
        environment.set("NAME".into(), "canary".into());
        assert_eq!(format!("{environment:?}"), r#"{"NAME"}"#);
    }
}
