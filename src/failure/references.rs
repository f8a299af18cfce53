//! The exit codes and hints for errors of notations, and of programs that get their values.

use ksm::exec::{
    LaunchError, ProgramError, ProgramInput, SubstituteError, assignment, files, sources,
};
use ksm::vault::{Kind, SelectError, notation};

use super::{Code, Failure};

impl From<notation::ParseError> for Failure {
    fn from(error: notation::ParseError) -> Self {
        Self::usage(error).hint_if(of_notation(error))
    }
}

fn of_notation(error: notation::ParseError) -> Option<&'static str> {
    use notation::ParseError as E;
    match error {
        E::Empty | E::NotBase64 | E::MissingSection | E::BadSelector | E::MissingParameter => {
            Some("a notation looks like keeper://<UID or title>/field/<label or type>")
        }
        E::ExtraCharacters { .. } => Some(
            "after the record comes type, title or notes and nothing else, or field/…, custom_field/… or file/…; \
             a / in the record's title is written \\/",
        ),
        E::BadEscape { .. } => Some("a backslash itself is written \\\\"),
        E::IndexNestedBracket { .. }
        | E::IndexNotClosed { .. }
        | E::IndexMustStartWithBracket { .. }
        | E::FileIndex
        | E::PropertyNeedsIndex
        | E::SecondIndexBlank
        | E::SecondIndexNumeric
        | E::NoRecord => None,
    }
}

impl From<SelectError> for Failure {
    fn from(error: SelectError) -> Self {
        use SelectError as E;
        let hint = match &error {
            E::NoRecord {
                unread: Some(_), ..
            }
            | E::NoneOfRecords { unread: Some(_) } => {
                Some("records that do not open were left out; theirs may be the title".into())
            }
            E::NoFile {
                unread: Some(_), ..
            } => Some(
                "the record names attachments that did not open or were not handed out; it may be one of them".into(),
            ),
            E::SeveralRecords { uids, .. } => Some(choose(uids)),
            E::SeveralFiles { uids, .. } => Some(choose(uids)),
            E::NoRecord { unread: None, .. }
            | E::NoneOfRecords { unread: None }
            | E::NoFile { unread: None, .. }
            | E::NoFolder(_)
            | E::DamagedRecord(_)
            | E::DamagedFile(_)
            | E::DamagedFolder(_) => None,
        };
        Self::new(of_kind(error.kind()), error).hint_if(hint)
    }
}

fn of_kind(kind: Kind) -> Code {
    match kind {
        Kind::Missing | Kind::Ambiguous => Code::Missing,
        Kind::Damaged => Code::Failed,
    }
}

fn choose(uids: &[impl ToString]) -> String {
    let uids: Vec<_> = uids.iter().map(ToString::to_string).collect();
    format!("choose one by its UID: {}", uids.join(", "))
}

impl From<notation::Error> for Failure {
    fn from(error: notation::Error) -> Self {
        let hint = match &error {
            notation::Error::Select { error, .. } => match error {
                SelectError::SeveralRecords { .. } => Some("name the record by its UID instead"),
                SelectError::SeveralFiles { .. } => Some("name the file by its UID instead"),
                SelectError::NoRecord { .. }
                | SelectError::NoneOfRecords { .. }
                | SelectError::DamagedRecord(_)
                | SelectError::NoFile { .. }
                | SelectError::DamagedFile(_)
                | SelectError::NoFolder(_)
                | SelectError::DamagedFolder(_) => None,
            },
            notation::Error::FieldNotFound { .. }
            | notation::Error::IndexOutOfRange { .. }
            | notation::Error::PropertyNotFound { .. } => None,
        };
        Self::new(of_kind(error.kind()), error).hint_if(hint)
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
                input: ProgramInput::Argument(_),
                error,
            } => (Code::Usage, of_notation(*error)),
            E::Malformed {
                input: ProgramInput::Variable(_) | ProgramInput::File(_),
                error,
            } => (Code::BeforeChild, of_notation(*error)),
            E::NotText { .. } | E::Nul { .. } | E::NotUnicode { .. } | E::File { .. } => {
                (Code::BeforeChild, None)
            }
            E::Unresolved(_) => (Code::Missing, None),
        };
        Self::new(code, error).hint_if(hint)
    }
}

impl From<assignment::Error> for Failure {
    fn from(error: assignment::Error) -> Self {
        use assignment::Error as E;
        let hint = match &error {
            E::Malformed { error, .. } => of_notation(*error),
            E::NoName => Some("write `-e NAME=NOTATION`, or `-e NAME` to keep a variable"),
            E::NoPath => Some("write `--file PATH=NOTATION`"),
            E::NoMemoryFiles { .. } => Some("`@file:` works here as well"),
            E::NotText { .. } => None,
        };
        Self::usage(error).hint_if(hint)
    }
}

impl From<sources::Error> for Failure {
    fn from(error: sources::Error) -> Self {
        use sources::Error as E;
        match &error {
            E::Withheld { .. } => Self::usage(error).hint(
                "`--keep-config` lets the program have KSM_CONFIG; one-time tokens it never gets",
            ),
            E::Twice { .. } => Self::usage(error),
            E::Nul { .. } | E::EqualSign { .. } => Self::new(Code::BeforeChild, error),
        }
    }
}

impl From<files::Error> for Failure {
    fn from(error: files::Error) -> Self {
        match error {
            files::Error::Disk(error) => error.into(),
            files::Error::Memory(_) => Self::new(Code::Local, error),
        }
    }
}

impl From<LaunchError> for Failure {
    fn from(error: LaunchError) -> Self {
        let code = match error {
            LaunchError::TooLarge { .. } | LaunchError::Preparation(_) => Code::BeforeChild,
            LaunchError::NotFound { .. } => Code::NotFound,
            LaunchError::NotExecutable { .. } => Code::NotExecutable,
        };
        Self::new(code, error)
    }
}
