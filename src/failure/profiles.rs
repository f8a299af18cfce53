//! The exit codes and hints for errors of profiles and their stores.

use ksm::cache;
use ksm::environment::System;
use ksm::keyring;
use ksm::private_file::{self, Concern};
use ksm::profile::store::{self, read_only};
use ksm::profile::{ProfileName, bundle, config, name, redeem};
use ksm::{suggest, vault};

use super::{Class, Classify, Code, Failure};

impl Classify for name::Error {
    fn class(&self) -> Class {
        match self {
            Self::Reserved(_) | Self::Malformed => Code::Usage.into(),
        }
    }
}

impl Classify for store::Error {
    fn class(&self) -> Class {
        match self {
            Self::File(error) => error.class(),
            Self::Missing(_) => {
                Code::Local.hint("`ksm profile init` and `ksm profile import` create it")
            }
            Self::NoPath => Code::Usage.hint(
                "KSM_CONFIG gives a configuration to one command, `ksm profile import` saves it",
            ),
            Self::Ini { .. } => {
                Code::Local.hint("repair the file, or move it away and import the profile again")
            }
            Self::Exported(_) => Code::Local.hint(
                "`ksm profile import - < FILE` saves what it holds, and KSM_CONFIG_FILE names it for one command",
            ),
            Self::ReadOnly(error) => error.class(),
            Self::Unknown { known, .. } if known.is_empty() => {
                Code::Missing.hint("there are no profiles yet")
            }
            Self::Unknown { name, known, .. } => {
                let meant = suggest::meant(name.as_str(), known.iter().map(ProfileName::as_str));
                let there = if meant.is_empty() { "there" } else { "There" };
                Code::Missing.hint(format!(
                    "{meant}{there} are these profiles: {}",
                    ProfileName::list(known)
                ))
            }
            Self::NoActive { known } => Code::Local.hint(format!(
                "`-p NAME` names one for this run, `ksm profile active NAME` for all: {}",
                ProfileName::list(known)
            )),
            Self::Empty(_) => {
                Code::Local.hint("`ksm profile init --token-file FILE` makes one; `--ini-file PATH` names one in another directory")
            }
            Self::NoLock => Code::Local.hint("HOME or XDG_RUNTIME_DIR names one"),
            Self::NoPrivatePlace => Code::Local.hint("XDG_RUNTIME_DIR names one"),
            Self::NoDirectory => {
                Code::Local.hint("name a file with --ini-file, or a directory with KSM_INI_DIR")
            }
            Self::Taken { name, .. } => Code::Local.hint(format!(
                "`ksm profile rename {name} NEW_NAME` makes room for it"
            )),
            Self::FileAndKeyring => Code::Usage.into(),
            Self::Reference | Self::Reserved(_) | Self::NotSaved(_) | Self::NotGivenBack { .. } => {
                Code::Local.into()
            }
            Self::Keyring(error) => error.class(),
            Self::Aws(error) => error.class(),
            Self::UnknownStorage(_) => {
                Code::Local.hint("import the profile's configuration here, or use another profile")
            }
            Self::Unusable { source, .. } => match source.class() {
                Class { code, hint: None } if matches!(**source, Self::Keyring(_)) => {
                    code.hint("use another profile")
                }
                class => class,
            },
            Self::Content { .. } | Self::Config(_) => Code::Local
                .hint("import the profile again, or make it anew with `ksm profile init`"),
        }
    }
}

const PLAIN: &str = "the SDK that encrypted it can decrypt it to a file, which ksm takes";

impl Classify for read_only::Error {
    fn class(&self) -> Class {
        Code::Local.hint(match self {
            Self::File(_) => "mount the file, name another, or unset the variable to go without",
            // A variable, and not the file that it names.
            Self::Unusable { what, source: bundle::Error::Empty } if !what.contains(' ') => {
                return Code::Local.hint(format!(
                    "`unset {what}` goes without it; it wants what `ksm profile export` prints"
                ));
            }
            Self::Unusable { source, .. } => match source {
                bundle::Error::Token => "KSM_TOKEN takes a one-time token",
                bundle::Error::Path => "KSM_CONFIG_FILE names a file",
                bundle::Error::Protected => PLAIN,
                _ => "it wants a configuration in JSON, or its base64, as `ksm profile export` prints it",
            },
            Self::NoPath => "KSM_CONFIG takes a configuration, and KSM_TOKEN a one-time token",
            Self::Name(_) => "a name is one line of text, and neither `_config` nor `DEFAULT`",
            Self::SameName(_) => "give each profile a name of its own",
        })
    }
}

impl From<redeem::Error> for Failure {
    fn from(error: redeem::Error) -> Self {
        use redeem::Error as E;
        match error {
            E::Token(error) => error.into(),
            E::Crypto(error) => error.into(),
            E::Config(error) => error.into(),
            E::IsConfig => Self::new(Code::Usage, error)
                .hint("`ksm profile import` saves it, and KSM_CONFIG gives it to one command"),
            E::IsPath => Self::new(Code::Usage, error).hint("`--token-file` names a file"),
            E::Store(error) => error.into(),
            E::Vault { source, keys_kept } => {
                let unclear = matches!(&*source, vault::Error::Wire(error) if error.may_have_acted());
                let failure = Self::from(*source).while_doing("Could not init the profile");
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
                let code = source.class().code;
                Self::new(code, error)
                    .hint("once that is mended, the same command with the same token finishes the job")
            }
            E::NoPlace { .. } => Self::new(Code::Local, error).hint(
                "KSM_INI_DIR names a directory for it; `--ephemeral` (KSM_EPHEMERAL=true) keeps it in memory for one run",
            ),
        }
    }
}

impl Classify for keyring::Error {
    fn class(&self) -> Class {
        match self {
            Self::NotBuilt => Code::Local.hint(
                "`--ini-file` or KSM_CONFIG serve as well; the builds for desktops use the OS keyring",
            ),
            Self::NoBus | Self::Bus(_) | Self::Absent => Code::Local.hint(
                "a desktop session has a keyring; elsewhere `--ini-file` or KSM_CONFIG serve as well",
            ),
            Self::Locked | Self::Dismissed | Self::Unanswered => {
                Code::Local.hint("unlock it, or use `--ini-file` or KSM_CONFIG instead")
            }
            Self::Silent | Self::Gone => Code::Local.hint(
                "see whether its service runs, or use `--ini-file` or KSM_CONFIG instead",
            ),
            Self::Tampered(_) | Self::Content(_) | Self::Missing(_) => Code::Local.hint(
                "`ksm profile delete` removes the profile; `ksm profile init` or `import` makes it anew",
            ),
            Self::NoCollection(_) | Self::Refused(_) | Self::NotStored(_) => Code::Local.into(),
        }
    }
}

// A bundle in a variable is a `read_only::Error`; `profile import` gets one on the command line.
impl Classify for bundle::Error {
    fn class(&self) -> Class {
        match self {
            Self::Encoding | Self::Empty | Self::Form(_) | Self::Content | Self::NoProfile => {
                Code::Usage.hint("`ksm profile export` prints what can be imported")
            }
            Self::Path => Code::Usage.hint("`ksm profile import - < FILE` reads a file"),
            Self::Token => Code::Usage.hint("`ksm profile init` makes a profile of it"),
            Self::Protected => Code::Usage.hint(PLAIN),
            Self::Json { .. } | Self::Ini(_) | Self::Several => Code::Usage.into(),
        }
    }
}

impl Classify for config::Error {
    fn class(&self) -> Class {
        match self {
            Self::Missing(_)
            | Self::NotBound
            | Self::Encoding { .. }
            | Self::Key { .. }
            | Self::Host(_)
            | Self::ServerKey(_) => Code::Local.into(),
        }
    }
}

impl Classify for keyring::utility::Error {
    fn class(&self) -> Class {
        match self {
            Self::Keyring(error) => error.class(),
            Self::Count { count: 0, .. } => Code::Missing.hint("`-a` names another application"),
            Self::Count { .. } => Code::Missing
                .hint("a program that shows keyrings, such as seahorse, can tell them apart"),
            Self::NotText => Code::Usage.hint("`-b` stores its base64, and decodes it"),
        }
    }
}

impl Classify for cache::Error {
    fn class(&self) -> Class {
        match self {
            Self::File(error) => error.class(),
            Self::List { .. } => Code::Local.into(),
            Self::Clock(error) => error.class(),
            Self::Damaged { .. } | Self::Future { .. } | Self::TooLarge(_) | Self::Crypto(_) => {
                Code::Failed.into()
            }
        }
    }
}

impl Classify for private_file::Error {
    fn class(&self) -> Class {
        match self {
            Self::Untrusted(concern) => Code::Local.hint(cure(concern, System::OURS)),
            Self::Owner { path, .. } => Code::Local.hint(format!(
                "if it is meant to be yours, `chown` gives it to you: {}",
                path.display()
            )),
            Self::NoLocks { .. } => Code::Local.hint(
                "keep it where files can be locked, as on a local disk: KSM_INI_DIR and --ini-file name the place; NFS \
                 needs its lock service",
            ),
            Self::NoLock {
                path,
                heir: Some(heir),
                ..
            } => Code::Local.hint(format!(
                "`sudo chown {heir} {}` gives it to you",
                path.display()
            )),
            Self::NoLock {
                path,
                owner,
                heir: None,
                ..
            } => Code::Local.hint(format!(
                "remove it, as user {owner} or as root: {}",
                path.display()
            )),
            Self::Changed { .. } => Code::Local.hint("run the command again"),
            Self::MountPoint { .. } => Code::Local.hint("mount its directory instead"),
            Self::Exists { .. } => Code::Local.hint("`--file` writes new files only"),
            Self::Open { .. } => Code::Local.hint("KSM_CACHE_DIR names another directory"),
            Self::NoDirectory { .. } => {
                Code::Local.hint("XDG_RUNTIME_DIR names the directory tried first")
            }
            Self::CutOff { .. } => Code::Local.hint(
                "what others add to it now may be lost: make room on its disk, and remove the last lines",
            ),
            Self::Busy { .. } => Code::Local.hint("try again when the other command is done"),
            Self::Io { action, source, .. } if lacks_directory(action, source) => {
                Code::Local.hint("make its directory first, or name another file")
            }
            Self::Io { .. }
            | Self::Link { .. }
            | Self::LinkTarget { .. }
            | Self::Circle { .. }
            | Self::NotRegular { .. } => Code::Local.into(),
        }
    }
}

/// What makes a file one that is used where it is found.
fn cure(concern: &Concern, system: System) -> String {
    let trusted = "if you trust it, name it with --ini-file or its directory with KSM_INI_DIR";
    let (path, gives) = match concern {
        Concern::Readable { path, .. } | Concern::Writable { path, .. } => (path, false),
        Concern::Stranger { path, .. } => (path, true),
    };
    let path = path.display();
    match (system, gives) {
        (System::Unix, false) => format!("`chmod 600 {path}` closes it to others; {trusted}"),
        (System::Unix, true) => {
            format!("`chown` it if it is meant to be yours ({path}); {trusted}")
        }
        (System::Windows, false) => format!(
            "`icacls \"{path}\" /inheritance:r /grant:r *S-1-3-4:F` closes it to others; {trusted}"
        ),
        (System::Windows, true) => {
            format!("`takeown /f \"{path}\"` makes it yours if it is meant to be; {trusted}")
        }
    }
}

/// Whether the directory of the file does not exist.
fn lacks_directory(action: &str, source: &std::io::Error) -> bool {
    ["lock", "write"].contains(&action) && source.kind() == std::io::ErrorKind::NotFound
}
