//! What each failure of the core means at the command line: its exit code, and what to try. No `match` has a wildcard, so
//! a new kind has to choose.

use ksm::exec::{LaunchError, Place, ProgramError, SubstituteError};
use ksm::vault::notation;
use ksm::wire::{endpoint, server_key, token};
use ksm::{crypto, http, private_file, profile, vault, wire};

use super::{Code, Failure};

impl From<vault::Error> for Failure {
    fn from(error: vault::Error) -> Self {
        use vault::Error as E;
        let (code, hint) = match &error {
            E::Wire(error) => of_wire(error),
            E::Http(error) => of_http(error),
            E::Crypto(_) | E::Codec(_) | E::Damaged { .. } => (Code::Failed, None),
            E::NotIntroduced | E::ForeignAppKey => (
                Code::Unreachable,
                Some("the token is spent; ask for a new one"),
            ),
            E::NotUploaded(_) => (Code::Missing, None),
            E::Download { status, .. } if *status >= 500 => {
                (Code::Unreachable, Some("try again in a while"))
            }
            E::Download { .. } => (Code::Refused, None),
        };
        Self::new(code, error).hint_if(hint)
    }
}

impl From<wire::Error> for Failure {
    fn from(error: wire::Error) -> Self {
        let (code, hint) = of_wire(&error);
        Self::new(code, error).hint_if(hint)
    }
}

fn of_wire(error: &wire::Error) -> (Code, Option<&'static str>) {
    use wire::Error as E;
    match error {
        E::Http(error) => of_http(error),
        E::Crypto(_) => (Code::Failed, None),
        E::Server { .. } => (Code::Unreachable, Some("try again in a while")),
        E::Unexpected { .. } => (
            Code::Unreachable,
            Some("check the host of the profile, and whether a proxy answers in its place"),
        ),
        E::Unauthentic | E::Malformed { .. } | E::Deadline { .. } => (Code::Unreachable, None),
        E::Refused(refusal) => (Code::Refused, refused(&refusal.code)),
        E::ClientVersion { .. } => (
            Code::Refused,
            Some("KSM_CLIENT_VERSION sets the client version that is sent"),
        ),
        E::Throttled { .. } => (
            Code::Refused,
            Some("`--max-wait SECONDS` or KSM_MAX_WAIT allows longer waits"),
        ),
        E::UnknownKey(_) | E::CustomKeyRefused(_) => (
            Code::Refused,
            Some("import the profile again, or add its `serverpublickey` to keeper.ini"),
        ),
        E::KeyNotNamed(_) | E::KeyLoop => (Code::Refused, None),
    }
}

// What a refusal is usually about (protocol.md 6.1); the server's own words stand in the message.
fn refused(code: &str) -> Option<&'static str> {
    (code == "access_denied").then_some(
        "the token may be spent or expired, or the device removed or locked to another address",
    )
}

impl From<http::Error> for Failure {
    fn from(error: http::Error) -> Self {
        let (code, hint) = of_http(&error);
        Self::new(code, error).hint_if(hint)
    }
}

fn of_http(error: &http::Error) -> (Code, Option<&'static str>) {
    use http::Error as E;
    match error {
        E::Roots { .. } | E::Boolean { .. } | E::Proxy { .. } | E::Client(_) | E::Tls(_) => {
            (Code::Local, None)
        }
        E::Certificate { .. } => (
            Code::Unreachable,
            Some("KSM_CA_FILE names a certificate authority to trust besides the system's"),
        ),
        E::Connect { .. } => (
            Code::Unreachable,
            Some("check the network, the host of the profile, and HTTPS_PROXY if there is a proxy"),
        ),
        E::Silence { .. } | E::Cut { .. } => (Code::Unreachable, Some("try again in a while")),
        E::TooLarge { .. } | E::Link | E::PlaintextLink | E::Redirects { .. } => {
            (Code::Unreachable, None)
        }
    }
}

impl From<crypto::Error> for Failure {
    fn from(error: crypto::Error) -> Self {
        use crypto::Error as E;
        match error {
            E::Random | E::Authentication | E::Length | E::Key | E::Signature => {
                Self::new(Code::Failed, error)
            }
        }
    }
}

impl From<token::Error> for Failure {
    fn from(error: token::Error) -> Self {
        use token::Error as E;
        let hint = match error {
            E::Missing | E::ServerKey(_) => None,
            E::ClientKey(_) | E::ClientKeyLength(_) | E::Host => {
                Some("a token looks like US:<43 characters>; copy all of it")
            }
        };
        Self::usage(error).hint_if(hint)
    }
}

impl From<endpoint::Error> for Failure {
    fn from(error: endpoint::Error) -> Self {
        use endpoint::Error as E;
        match error {
            E::Empty | E::Plaintext(_) | E::NotAHost(_) | E::Port(_) => Self::usage(error),
        }
    }
}

impl From<server_key::Error> for Failure {
    fn from(error: server_key::Error) -> Self {
        use server_key::Error as E;
        match error {
            E::Id | E::Encoding(_) | E::Point(_) => Self::new(Code::Local, error),
        }
    }
}

impl From<profile::name::Error> for Failure {
    fn from(error: profile::name::Error) -> Self {
        use profile::name::Error as E;
        match error {
            E::Reserved(_) | E::Malformed => Self::usage(error),
        }
    }
}

impl From<profile::store::Error> for Failure {
    fn from(error: profile::store::Error) -> Self {
        let (code, hint) = of_store(&error);
        Self::new(code, error).hint_if(hint.as_deref())
    }
}

fn of_store(error: &profile::store::Error) -> (Code, Option<String>) {
    use profile::store::Error as E;
    let names = |known: &[profile::ProfileName]| {
        let names: Vec<&str> = known.iter().map(profile::ProfileName::as_str).collect();
        names.join(", ")
    };
    let (code, hint) = match error {
        E::File(error) => return (Code::Local, of_file(error).map(ToOwned::to_owned)),
        E::Ini { .. } => (
            Code::Local,
            "repair the file, or move it away and import the profile again".to_owned(),
        ),
        E::Unknown { known, .. } if known.is_empty() => {
            (Code::Missing, "there are no profiles yet".to_owned())
        }
        E::Unknown { known, .. } => (
            Code::Missing,
            format!("there are these profiles: {}", names(known)),
        ),
        E::NoActive { known } => (
            Code::Local,
            format!(
                "`-p NAME` chooses one for this run, `ksm profile active NAME` for all: {}",
                names(known)
            ),
        ),
        E::Empty { .. } => (
            Code::Local,
            "`ksm profile init --token TOKEN` makes one from a one-time token".to_owned(),
        ),
        E::Storage { .. } => (
            Code::Local,
            "import the profile's configuration here, or use another profile".to_owned(),
        ),
        E::Config { .. } => (
            Code::Local,
            "import the profile again, or make it anew with `ksm profile init`".to_owned(),
        ),
    };
    (code, Some(hint))
}

impl From<profile::source::Error> for Failure {
    fn from(error: profile::source::Error) -> Self {
        use profile::source::Error as E;
        let (code, hint) = match &error {
            E::Store(error) => of_store(error),
            E::Missing(_) => (
                Code::Local,
                Some("`ksm profile init` and `ksm profile import` create it".to_owned()),
            ),
            E::Encoding(_) | E::Variable { .. } | E::Value { .. } => (
                Code::Local,
                Some(
                    "it wants a configuration as `ksm profile export` prints it, or its JSON"
                        .to_owned(),
                ),
            ),
            E::SameName(_) => (
                Code::Local,
                Some("give each profile a name of its own".to_owned()),
            ),
        };
        Self::new(code, error).hint_if(hint.as_deref())
    }
}

impl From<profile::pending::Error> for Failure {
    fn from(error: profile::pending::Error) -> Self {
        use profile::pending::Error as E;
        match error {
            E::Crypto(error) => error.into(),
            E::File(error) => error.into(),
        }
    }
}

impl From<private_file::Error> for Failure {
    fn from(error: private_file::Error) -> Self {
        let hint = of_file(&error);
        Self::new(Code::Local, error).hint_if(hint)
    }
}

fn of_file(error: &private_file::Error) -> Option<&'static str> {
    use private_file::Error as E;
    match error {
        E::Untrusted(_) => {
            Some("name the file with --ini-file or its directory with KSM_INI_DIR if you trust it")
        }
        E::MountPoint { .. } => Some("mount its directory instead"),
        E::Busy { .. } => Some("try again when the other command is done"),
        E::Io { .. }
        | E::Link { .. }
        | E::LinkTarget { .. }
        | E::Circle { .. }
        | E::NotRegular { .. }
        | E::Owner { .. }
        | E::TooLarge { .. } => None,
    }
}

impl From<notation::parse::Error> for Failure {
    fn from(error: notation::parse::Error) -> Self {
        Self::usage(error).hint_if(of_notation(error))
    }
}

fn of_notation(error: notation::parse::Error) -> Option<&'static str> {
    use notation::parse::Error as E;
    match error {
        E::Empty | E::NotBase64 | E::MissingSection | E::BadSelector | E::MissingParameter => {
            Some("a notation looks like keeper://<UID or title>/field/<label or type>")
        }
        E::ExtraCharacters { .. } | E::BadEscape { .. } => {
            Some("in titles, labels and file names, write \\ before each of / [ ] \\")
        }
        E::IndexNestedBracket { .. }
        | E::IndexNotClosed { .. }
        | E::IndexMustStartWithBracket { .. }
        | E::FileIndex
        | E::FirstIndexNotNumeric
        | E::PropertyNeedsIndex
        | E::SecondIndexBlank
        | E::SecondIndexNumeric => None,
    }
}

impl From<notation::Error> for Failure {
    fn from(error: notation::Error) -> Self {
        use notation::Error as E;
        let (code, hint) = match &error {
            E::RecordBroken { .. } | E::FileBroken { .. } => (Code::Failed, None),
            E::RecordAmbiguous { .. } => {
                (Code::Missing, Some("name the record by its UID instead"))
            }
            E::FileAmbiguous { .. } => (Code::Missing, Some("name the file by its UID instead")),
            E::RecordNotFound { .. }
            | E::NoFiles { .. }
            | E::FileNotFound { .. }
            | E::FieldNotFound { .. }
            | E::FieldAmbiguous { .. }
            | E::IndexOutOfRange { .. }
            | E::PropertyNotFound { .. } => (Code::Missing, None),
        };
        Self::new(code, error).hint_if(hint)
    }
}

impl From<ProgramError> for Failure {
    fn from(error: ProgramError) -> Self {
        let code = match error {
            ProgramError::NotFound { .. } => Code::NotFound,
            ProgramError::NotExecutable { .. } => Code::NotExecutable,
        };
        Self::new(code, error)
    }
}

impl From<SubstituteError> for Failure {
    fn from(error: SubstituteError) -> Self {
        use SubstituteError as E;
        let (code, hint) = match &error {
            // Arguments were typed with the command; variables were there before.
            E::Malformed {
                place: Place::Argument(_),
                error,
            } => (Code::Usage, of_notation(*error)),
            E::Malformed {
                place: Place::Variable(_),
                error,
            } => (Code::BeforeChild, of_notation(*error)),
            E::NotText { .. } | E::Nul { .. } | E::NotUnicode { .. } => (Code::BeforeChild, None),
            E::Unresolved(_) => (Code::Missing, None),
        };
        Self::new(code, error).hint_if(hint)
    }
}

impl From<LaunchError> for Failure {
    fn from(error: LaunchError) -> Self {
        let code = match error {
            LaunchError::TooLarge { .. } => Code::BeforeChild,
            LaunchError::NotFound { .. } => Code::NotFound,
            LaunchError::NotExecutable { .. } => Code::NotExecutable,
        };
        Self::new(code, error)
    }
}
