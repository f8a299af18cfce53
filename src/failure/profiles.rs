//! The exit codes and hints for errors of profiles and their stores.

use ksm::keyring;
use ksm::private_file;
use ksm::profile::store::{self, read_only};
use ksm::profile::{ProfileName, bundle, config, enroll, name, pending};
use ksm::vault;

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
        let (code, hint) = of_store(&error);
        Self::new(code, error).hint_if(hint)
    }
}

fn of_store(error: &store::Error) -> (Code, Option<String>) {
    use store::Error as E;
    let local = |hint: &str| (Code::Local, Some(hint.to_owned()));
    match error {
        E::File(error) => (Code::Local, of_file(error).map(String::from)),
        E::Missing(_) => local("`ksm profile init` and `ksm profile import` create it"),
        E::Ini { .. } => local("repair the file, or move it away and import the profile again"),
        E::ReadOnly(error) => local(of_read_only(error)),
        E::Unknown { known, .. } if known.is_empty() => {
            (Code::Missing, Some("there are no profiles yet".to_owned()))
        }
        E::Unknown { known, .. } => (
            Code::Missing,
            Some(format!("there are these profiles: {}", list(known))),
        ),
        E::NoActive { known } => local(&format!(
            "`-p NAME` names one for this run, `ksm profile active NAME` for all: {}",
            list(known)
        )),
        E::Empty(_) => local("`ksm profile init --token TOKEN` makes one from a one-time token"),
        E::NoLock => local("HOME or XDG_RUNTIME_DIR names one"),
        E::NoDirectory => local("name a file with --ini-file, or a directory with KSM_INI_DIR"),
        E::Taken { name, .. } => local(&format!(
            "`ksm profile rename {name} NEW_NAME` makes room for it"
        )),
        E::FileAndKeyring => (Code::Usage, None),
        E::Unfit(_) | E::NotSaved(_) | E::NotGivenBack { .. } => (Code::Local, None),
        E::Keyring(error) => (Code::Local, of_keyring(error).map(String::from)),
        E::Aws(error) => {
            let (code, hint) = super::aws::of_store(error);
            (code, hint.map(String::from))
        }
        E::UnknownStorage(_) => {
            local("import the profile's configuration here, or use another profile")
        }
        E::OutOfReach { source, .. } => match of_store(source) {
            (code, None) if matches!(**source, E::Keyring(_)) => {
                (code, Some("use another profile".to_owned()))
            }
            meaning => meaning,
        },
        E::NoConfig { .. } | E::Config { .. } => {
            local("import the profile again, or make it anew with `ksm profile init`")
        }
    }
}

fn of_read_only(error: &read_only::Error) -> &'static str {
    use read_only::Error as E;
    match error {
        E::MountedFile(_) => "mount the file, name another, or unset the variable to go without",
        E::Mounted { .. } | E::Encoding(_) | E::Variable { .. } => {
            "it wants a configuration in JSON, or its base64, as `ksm profile export` prints it"
        }
        E::Name(_) => "a name is one line of text, and neither `_config` nor `DEFAULT`",
        E::SameName(_) => "give each profile a name of its own",
    }
}

impl From<enroll::Error> for Failure {
    fn from(error: enroll::Error) -> Self {
        use enroll::Error as E;
        match error {
            E::Token(error) => error.into(),
            E::Crypto(error) => error.into(),
            E::Pending(error) => error.into(),
            E::Store(error) => error.into(),
            E::Vault { source, keys_kept } => {
                let unclear = matches!(&source, vault::Error::Wire(error) if error.may_have_acted());
                let failure = Self::from(source).while_doing("Could not init the profile");
                match (unclear, keys_kept) {
                    (false, _) => failure,
                    (true, true) => failure.hint(
                        "it is not known whether the token was used; the same command with the same token finds out",
                    ),
                    (true, false) => failure.hint(
                        "it is not known whether the token was used; if it is refused next time, it was",
                    ),
                }
            }
            E::NotSaved(ref source) => {
                let (code, _) = of_store(source);
                Self::new(code, error)
                    .hint("once that is mended, the same command with the same token finishes the job")
            }
            E::NoPlace { .. } => Self::new(Code::Local, error).hint(
                "KSM_INI_DIR names a directory for it; `--ephemeral` (KSM_EPHEMERAL=true) keeps it in memory for one run",
            ),
        }
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

// A bundle in a variable is a `read_only::Error`; `profile import` gets one on the command line.
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
            E::Store(error) => error.into(),
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
fn lacks_directory(action: &str, source: &std::io::Error) -> bool {
    action == "lock" && source.kind() == std::io::ErrorKind::NotFound
}

fn of_file(error: &private_file::Error) -> Option<&'static str> {
    use private_file::Error as E;
    match error {
        E::Untrusted(_) => {
            Some("name the file with --ini-file or its directory with KSM_INI_DIR if you trust it")
        }
        E::MountPoint { .. } => Some("mount its directory instead"),
        E::Exists { .. } => Some("`--file` writes new files only"),
        E::NoDirectory { .. } => Some("XDG_RUNTIME_DIR names the directory tried first"),
        E::Busy { .. } => Some("try again when the other command is done"),
        E::Io { action, source, .. } if lacks_directory(action, source) => {
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
