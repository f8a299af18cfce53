//! What each failure of the profiles means at the command line: its exit code, and what to try.

use ksm::profile::ProfileName;
use ksm::profile::{bundle, config, pending, source, store};

use super::{Code, Failure};

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        let (code, hint) = match error {
            // The file says for itself what is wrong with it.
            E::File(error) => return error.into(),
            E::Unknown { ref known, .. } => (Code::Missing, named(known)),
            E::NoActive { ref known } => (Code::Local, named(known)),
            E::Empty { .. } => (Code::Local, Some(BIND.into())),
            E::Ini { .. } | E::Storage { .. } => (Code::Local, None),
            E::Config { .. } => (
                Code::Local,
                Some("redeem a new one-time token with `ksm profile init`".into()),
            ),
        };
        Self::new(code, error).hint_if(hint)
    }
}

/// What to do where there is no profile.
const BIND: &str = "`ksm profile init --token-file FILE` redeems a one-time token";

fn named(known: &[ProfileName]) -> Option<String> {
    let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return Some(BIND.into());
    }
    Some(format!("`-p NAME` chooses one of {}", names.join(", ")))
}

impl From<source::Error> for Failure {
    fn from(error: source::Error) -> Self {
        use source::Error as E;
        match error {
            E::Store(error) => error.into(),
            E::Missing(_)
            | E::Encoding(_)
            | E::Variable { .. }
            | E::Value { .. }
            | E::SameName(_) => Self::new(Code::Local, error),
        }
    }
}

// Only `profile import` reads a bundle that was typed; one in a variable is a `source::Error`.
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
        }
    }
}
