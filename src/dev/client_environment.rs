//! The environment in which a program finds the development vault and nothing else of Keeper's, as a value: for a
//! child that is started, and as lines to paste into a shell.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::tls::LOOPBACK;

/// What our programs read that could lead past the vault. A child loses every `KSM_` variable; a shell, which keeps
/// its own, is told to drop these.
const MISLEADING: [&str; 14] = [
    "KSM_CACHE_DIR",
    "KSM_CLIENT_VERSION",
    "KSM_CLI_PROFILE",
    "KSM_CLI_TOKEN",
    "KSM_CONFIG",
    "KSM_CONFIG_BASE64_1",
    "KSM_CONFIG_FILE",
    "KSM_EPHEMERAL",
    "KSM_HOSTNAME",
    "KSM_INI_DIR",
    "KSM_INI_FILE",
    "KSM_MAX_WAIT",
    "KSM_SKIP_VERIFY",
    "KSM_TOKEN",
];

/// The variables a client of the vault needs. It holds keys, so it does not print.
pub struct ClientEnvironment {
    /// A directory to be searched before all others.
    programs: PathBuf,
    variables: BTreeMap<&'static str, OsString>,
}

impl ClientEnvironment {
    /// An environment in which `programs` comes first in `PATH`.
    pub fn new(programs: &Path) -> Self {
        Self {
            programs: programs.to_owned(),
            variables: BTreeMap::new(),
        }
    }

    /// Adds or replaces a variable.
    pub fn set(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.variables.insert(name, value.into());
    }

    /// What `name` is here, for those who are to see no other environment.
    pub fn get(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).cloned()
    }

    /// The whole environment of a child, from the one it would inherit.
    pub fn over(
        &self,
        inherited: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Vec<(OsString, OsString)> {
        let mut whole: BTreeMap<OsString, OsString> = inherited
            .into_iter()
            .filter(|(name, _)| !is_keepers(name))
            .collect();
        let path = self.path(whole.get(OsStr::new("PATH")).map(OsString::as_os_str));
        whole.insert("PATH".into(), path);
        // Programs differ in which spelling they read, and some prefer the small one.
        let spelt_small = whole.contains_key(OsStr::new("no_proxy"));
        for name in ["NO_PROXY", "no_proxy"]
            .into_iter()
            .take(1 + usize::from(spelt_small))
        {
            let direct = direct(whole.get(OsStr::new(name)).map(OsString::as_os_str));
            whole.insert(name.into(), direct);
        }
        whole.extend(
            self.variables
                .iter()
                .map(|(name, value)| (name.into(), value.clone())),
        );
        whole.into_iter().collect()
    }

    /// Lines for a POSIX shell that bring it into this environment.
    pub fn script(&self, inherited: impl Fn(&str) -> Option<OsString>) -> String {
        let unset = MISLEADING
            .into_iter()
            .filter(|name| !self.variables.contains_key(name));
        let mut lines = format!("unset {}\n", unset.collect::<Vec<_>>().join(" "));
        let proxy = direct(
            inherited("NO_PROXY")
                .or_else(|| inherited("no_proxy"))
                .as_deref(),
        );
        lines.push_str(&format!(
            "export NO_PROXY={0} no_proxy={0}\n",
            quoted(&proxy)
        ));
        for (name, value) in &self.variables {
            lines.push_str(&format!("export {name}={}\n", quoted(value)));
        }
        lines.push_str(&format!(
            "export PATH={}:\"$PATH\"\n",
            quoted(self.programs.as_os_str())
        ));
        lines
    }

    fn path(&self, inherited: Option<&OsStr>) -> OsString {
        let rest = inherited.map(env::split_paths).into_iter().flatten();
        let all = std::iter::once(self.programs.clone()).chain(rest);
        // Only a directory with a separator in its name cannot be joined, and ours is not called so.
        env::join_paths(all).unwrap_or_else(|_| self.programs.clone().into_os_string())
    }
}

fn is_keepers(name: &OsStr) -> bool {
    name.to_string_lossy()
        .to_ascii_uppercase()
        .starts_with("KSM_")
}

/// A proxy knows another loopback than ours.
fn direct(inherited: Option<&OsStr>) -> OsString {
    let mut hosts = inherited.unwrap_or_default().to_owned();
    for host in LOOPBACK {
        if !hosts.is_empty() {
            hosts.push(",");
        }
        hosts.push(host);
    }
    hosts
}

fn quoted(value: &OsStr) -> String {
    format!("'{}'", value.to_string_lossy().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> ClientEnvironment {
        let mut environment = ClientEnvironment::new(Path::new("/private/bin"));
        environment.set("KSM_CONFIG", "it's");
        environment
    }

    #[test]
    fn a_child_keeps_what_is_not_keepers() {
        let inherited = [
            ("PATH", "/usr/bin:/bin"),
            ("HOME", "/home/ada"),
            ("KSM_TOKEN", "old"),
            ("ksm_ini_dir", "old"),
            ("KSM_CONFIG", "old"),
            ("no_proxy", "intranet"),
        ];
        let inherited = inherited.map(|(name, value)| (name.into(), value.into()));
        let expected = [
            ("HOME", "/home/ada"),
            ("KSM_CONFIG", "it's"),
            ("NO_PROXY", "localhost,127.0.0.1,::1"),
            ("PATH", "/private/bin:/usr/bin:/bin"),
            ("no_proxy", "intranet,localhost,127.0.0.1,::1"),
        ];
        let expected = expected.map(|(name, value)| (name.into(), value.into()));
        assert_eq!(environment().over(inherited), expected);
    }

    #[test]
    fn a_shell_is_told_what_to_drop_and_what_to_set() {
        let script = environment().script(|name| (name == "NO_PROXY").then(|| "intranet".into()));
        let mut lines = script.lines();
        let unset = lines.next().unwrap_or_default();
        assert!(
            unset.starts_with("unset KSM_CACHE_DIR ") && unset.contains(" KSM_TOKEN"),
            "{unset}"
        );
        assert!(!unset.contains("KSM_CONFIG "), "{unset}");
        let rest: Vec<_> = lines.collect();
        let hosts = "'intranet,localhost,127.0.0.1,::1'";
        assert_eq!(
            rest,
            [
                format!("export NO_PROXY={hosts} no_proxy={hosts}"),
                r"export KSM_CONFIG='it'\''s'".to_owned(),
                r#"export PATH='/private/bin':"$PATH""#.to_owned(),
            ]
        );
    }
}
