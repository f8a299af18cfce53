//! The exit codes and hints for errors of profiles and their stores.

use ksm::private_file;
use ksm::profile::{ProfileName, bundle, config, name, pending, source, store};

use ksm::keyring;
use ksm::storage;

use super::{Code, Failure};

impl From<name::Error> for Failure {
    fn from(error: name::Error) -> Self {
        use name::Error as E;
        match error {
            E::Reserved(_) | E::Malformed => Self::usage(error),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        let (code, hint) = match &error {
            E::File(error) => (Code::Local, of_file(error).map(String::from)),
            E::Ini { .. } => (
                Code::Local,
                Some("repair the file, or move it away and import the profile again".into()),
            ),
            E::Unknown { known, .. } if known.is_empty() => {
                (Code::Missing, Some("there are no profiles yet".into()))
            }
            E::Unknown { known, .. } => (
                Code::Missing,
                Some(format!("there are these profiles: {}", list(known))),
            ),
            E::NoActive { known } => (
                Code::Local,
                Some(format!(
                    "`-p NAME` names one for this run, `ksm profile active NAME` for all: {}",
                    list(known)
                )),
            ),
            E::Empty { .. } => (
                Code::Local,
                Some("`ksm profile init --token TOKEN` makes one from a one-time token".into()),
            ),
            E::NoLock => (
                Code::Local,
                Some("HOME or XDG_RUNTIME_DIR names one".into()),
            ),
            E::Unfit(_) => (Code::Local, None),
            E::Keyring(error) => (Code::Local, of_keyring(error).map(String::from)),
            E::Storage { source, .. } => {
                let (code, hint) = of_storage(source);
                (code, hint.map(String::from))
            }
            E::Kept { .. } | E::Config { .. } => (
                Code::Local,
                Some("import the profile again, or make it anew with `ksm profile init`".into()),
            ),
        };
        Self::new(code, error).hint_if(hint)
    }
}

fn list(names: &[ProfileName]) -> String {
    let names: Vec<_> = names.iter().map(ProfileName::as_str).collect();
    names.join(", ")
}

fn of_keyring(error: &keyring::Error) -> Option<&'static str> {
    use keyring::Error as E;
    match error {
        E::NoBus | E::Bus(_) | E::Absent => Some(
            "a desktop session has a keyring; elsewhere `--ini-file` or KSM_CONFIG serve as well",
        ),
        E::Locked | E::Dismissed | E::Unanswered => {
            Some("unlock it, or use `--ini-file` or KSM_CONFIG instead")
        }
        E::Silent | E::Gone => {
            Some("see whether its service runs, or use `--ini-file` or KSM_CONFIG instead")
        }
        E::Tampered(_) | E::Content(_) | E::Missing(_) => Some(
            "`ksm profile delete` removes the profile; `ksm profile init` or `import` makes it anew",
        ),
        E::NoCollection(_) | E::Refused(_) | E::NotStored(_) => None,
    }
}

fn of_storage(error: &storage::Error) -> (Code, Option<&'static str>) {
    use storage::Error as E;
    match error {
        E::Keyring(error) => (
            Code::Local,
            of_keyring(error).or(Some("use another profile")),
        ),
        E::Unknown(_) => (
            Code::Local,
            Some("import the profile's configuration here, or use another profile"),
        ),
        E::Aws(error) => super::aws::of_storage(error),
    }
}

impl From<source::Error> for Failure {
    fn from(error: source::Error) -> Self {
        use source::Error as E;
        let hint = match error {
            E::Store(error) => return error.into(),
            E::Missing(_) => "`ksm profile init` and `ksm profile import` create it",
            E::MountedFile(_) => {
                "mount the file, name another, or unset the variable to go without"
            }
            E::Mounted { .. } | E::Encoding(_) | E::Variable { .. } | E::Value { .. } => {
                "it wants a configuration in JSON, or its base64, as `ksm profile export` prints it"
            }
            E::Name(_) => "a name is one line of text, and neither `_config` nor `DEFAULT`",
            E::SameName(_) => "give each profile a name of its own",
        };
        Self::new(Code::Local, error).hint(hint)
    }
}

// A bundle in a variable is a `source::Error`; `profile import` gets one on the command line.
impl From<bundle::Error> for Failure {
    fn from(error: bundle::Error) -> Self {
        use bundle::Error as E;
        let hint = match error {
            E::Empty | E::Form(_) | E::Content | E::NoProfile => {
                Some("`ksm profile export` prints what can be imported")
            }
            E::Json { .. } | E::Ini(_) | E::Several => None,
        };
        Self::usage(error).hint_if(hint)
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        use config::Error as E;
        match error {
            E::Missing(_)
            | E::NotBound
            | E::Encoding { .. }
            | E::Key { .. }
            | E::Host(_)
            | E::ServerKey(_) => Self::new(Code::Local, error),
        }
    }
}

impl From<pending::Error> for Failure {
    fn from(error: pending::Error) -> Self {
        use pending::Error as E;
        match error {
            E::Crypto(error) => Self::from(error).while_doing("cannot make a key pair"),
            E::File(error) => error.into(),
            E::Keyring(error) => error.into(),
        }
    }
}

#[cfg(target_os = "linux")]
impl From<keyring::utility::Error> for Failure {
    fn from(error: keyring::utility::Error) -> Self {
        use keyring::utility::Error as E;
        match error {
            E::Keyring(error) => error.into(),
            E::Count { count: 0, .. } => {
                Self::new(Code::Missing, error).hint("`-a` names another application")
            }
            E::Count { .. } => Self::new(Code::Missing, error)
                .hint("a program that shows keyrings, such as seahorse, can tell them apart"),
        }
    }
}

impl From<keyring::Error> for Failure {
    fn from(error: keyring::Error) -> Self {
        let hint = of_keyring(&error);
        Self::new(Code::Local, error).hint_if(hint)
    }
}

impl From<private_file::Error> for Failure {
    fn from(error: private_file::Error) -> Self {
        let hint = of_file(&error);
        Self::new(Code::Local, error).hint_if(hint)
    }
}

/// Whether the directory of the file does not exist.
fn is_homeless(action: &str, source: &std::io::Error) -> bool {
    action == "lock" && source.kind() == std::io::ErrorKind::NotFound
}

fn of_file(error: &private_file::Error) -> Option<&'static str> {
    use private_file::Error as E;
    match error {
        E::Untrusted(_) => {
            Some("name the file with --ini-file or its directory with KSM_INI_DIR if you trust it")
        }
        E::MountPoint { .. } => Some("mount its directory instead"),
        E::Busy { .. } => Some("try again when the other command is done"),
        E::Io { action, source, .. } if is_homeless(action, source) => {
            Some("make its directory first, or name another file")
        }
        E::Io { .. }
        | E::Link { .. }
        | E::LinkTarget { .. }
        | E::Circle { .. }
        | E::NotRegular { .. }
        | E::Owner { .. } => None,
    }
}
