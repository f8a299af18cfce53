//! The environment in which a program finds the development vault and no other: for a child process, and as lines to
//! paste into a shell.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::shell::Shell;
use super::tls::LOOPBACK;
use crate::environment::{ChildEnvironment, Environment, OwnConfig, names};

/// Variables that could lead past the vault. A child loses every `KSM_` variable; a shell, which keeps its own, is told
/// to unset these.
const MISLEADING: [&str; 15] = [
    names::KSM_CACHE,
    names::KSM_CACHE_DIR,
    names::KSM_CLIENT_VERSION,
    names::KSM_CLI_PROFILE,
    names::KSM_CLI_TOKEN,
    names::KSM_CONFIG,
    names::KSM_CONFIG_BASE64_1,
    names::KSM_CONFIG_FILE,
    names::KSM_EPHEMERAL,
    names::KSM_HOSTNAME,
    names::KSM_INI_DIR,
    names::KSM_INI_FILE,
    names::KSM_MAX_WAIT,
    names::KSM_SKIP_VERIFY,
    names::KSM_TOKEN,
];

/// Variables by which the programs of others name a file of certificates. A shell is not told to set them: it may
/// outlive the file, and would then trust nobody.
const ROOTS: [&str; 3] = [
    names::SSL_CERT_FILE,
    names::REQUESTS_CA_BUNDLE,
    names::NODE_EXTRA_CA_CERTS,
];

/// Holds keys, so it has no `Debug`.
pub struct ClientEnvironment {
    /// Comes first in `PATH`.
    programs: PathBuf,
    variables: BTreeMap<&'static str, OsString>,
}

impl ClientEnvironment {
    pub fn new(programs: &Path) -> Self {
        Self {
            programs: programs.to_owned(),
            variables: BTreeMap::new(),
        }
    }

    pub fn set(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.variables.insert(name, value.into());
    }

    /// The environment of a client in this process.
    pub fn alone(&self) -> Environment {
        self.variables.iter().collect()
    }

    /// `roots` is a file of certificates, for programs that do not read `KSM_CA_FILE`.
    pub fn for_child(&self, ours: &Environment, roots: &Path) -> ChildEnvironment {
        let mut whole = ours.for_child(OwnConfig::Withheld);
        let names: Vec<_> = whole.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|name| is_keepers(name)) {
            whole.remove(name);
        }
        whole.set(names::PATH, self.path(whole.get(names::PATH)));
        // Some programs prefer the small spelling.
        let small = whole.get("no_proxy").map(|_| "no_proxy");
        for name in [Some(names::NO_PROXY), small].into_iter().flatten() {
            whole.set(name, with_loopback(whole.get(name)));
        }
        for name in ROOTS {
            whole.set(name, roots);
        }
        for (name, value) in &self.variables {
            whole.set(name, value);
        }
        whole
    }

    /// Lines that bring a shell into this environment.
    pub fn script(&self, shell: Shell, ours: &Environment) -> String {
        let unset = MISLEADING
            .into_iter()
            .filter(|name| !self.variables.contains_key(name));
        let mut lines = shell.unset(&unset.collect::<Vec<_>>());
        let no_proxy = with_loopback(ours.get(names::NO_PROXY).or_else(|| ours.get("no_proxy")));
        for name in [names::NO_PROXY, "no_proxy"] {
            lines.push_str(&shell.set(name, &no_proxy));
        }
        for (name, value) in &self.variables {
            lines.push_str(&shell.set(name, value));
        }
        lines.push_str(&shell.prepend_path(self.programs.as_os_str()));
        lines
    }

    fn path(&self, inherited: Option<&OsStr>) -> OsString {
        let rest = inherited.map(env::split_paths).into_iter().flatten();
        let all = std::iter::once(self.programs.clone()).chain(rest);
        // Only a directory with a `:` in its name cannot be joined.
        env::join_paths(all).unwrap_or_else(|_| self.programs.clone().into_os_string())
    }
}

fn is_keepers(name: &OsStr) -> bool {
    name.to_string_lossy()
        .to_ascii_uppercase()
        .starts_with("KSM_")
}

/// Adds our loopback names, which mean another machine to a proxy.
fn with_loopback(inherited: Option<&OsStr>) -> OsString {
    let mut hosts = inherited.unwrap_or_default().to_owned();
    for host in LOOPBACK {
        if !hosts.is_empty() {
            hosts.push(",");
        }
        hosts.push(host);
    }
    hosts
}
