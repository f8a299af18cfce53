//! The exit codes and hints for errors of notations, and of programs that get their values.

use std::borrow::Cow;
use std::path::MAIN_SEPARATOR;

use ksm::environment::NotBoolean;
use ksm::exec::{LaunchError, ProgramInput, SubstituteError, assignment, files, sources};
use ksm::foreign::Text;
use ksm::program::ProgramError;
use ksm::template::{Transform, UnknownTransform};
use ksm::vault::{Kind, MissingRecords, SelectError, advice, notation};

use super::{Class, Classify, Code};

impl Classify for notation::ParseError {
    fn class(&self) -> Class {
        Code::Usage.hint_if(of_notation(self))
    }
}

fn of_notation(error: &notation::ParseError) -> Option<Cow<'static, str>> {
    use notation::ParseError as E;
    if let E::MissingSection { meant: Some(meant) }
    | E::BadSelector { meant: Some(meant) }
    | E::MissingParameter { meant: Some(meant) } = error
    {
        let meant = Text::from(meant);
        return Some(Cow::from(format!("a notation looks like `{meant}`")));
    }
    if let E::NearlySelector { meant, whole, .. } = error {
        return Some(Cow::from(match whole {
            Some(whole) => format!("did you mean `{}`?", Text::from(whole)),
            None => format!("did you mean `/{meant}/` behind the record?"),
        }));
    }
    if let E::PartOfRecord { record } = error {
        let record = Text::from(record);
        return Some(Cow::from(format!("`{record}` names the record")));
    }
    let hint = match error {
        E::Empty
        | E::NotBase64
        | E::MissingSection { .. }
        | E::BadSelector { .. }
        | E::MissingParameter { .. } => Some(
            "a notation looks like keeper://Database/field/password: the record, `field`, `custom_field` or `file`, and a name",
        ),
        E::ExtraCharacters { .. } => Some(
            "the record is followed by /field/, /custom_field/ or /file/ and a name, or by /type, /title or /notes; \
             a / in the record's title is written \\/",
        ),
        E::BadPrefix => {
            Some("a notation begins with `keeper://`, as in keeper://Database/field/password")
        }
        E::InFolder { .. } => {
            Some("a record is named without its folder; a / in its title is written \\/")
        }
        E::BadEscape { .. } => Some("a backslash itself is written \\\\"),
        E::SecondIndexNumeric | E::SecondIndexBlank | E::PropertyNeedsIndex => Some(
            "the number of a value comes first, and then the name of a member, as in keeper://Database/field/host[0][port]",
        ),
        E::IndexNestedBracket { .. }
        | E::IndexNotClosed { .. }
        | E::IndexMustStartWithBracket { .. } => Some(
            "a [ or ] in the name of a field is written \\[ or \\]; an index looks like [0], [port] or [0][port]",
        ),
        E::FileIndex => Some("leave out `[…]`: a file is one value"),
        E::NearlySelector { .. } | E::NoRecord | E::PartOfRecord { .. } => None,
    };
    hint.map(Cow::Borrowed)
}

impl Classify for SelectError {
    fn class(&self) -> Class {
        of_kind(self.kind()).hint_if(self.advice())
    }
}

impl Classify for MissingRecords {
    fn class(&self) -> Class {
        Code::Failed.hint(self.advice.clone())
    }
}

fn of_kind(kind: Kind) -> Code {
    match kind {
        Kind::Missing | Kind::Ambiguous => Code::Missing,
        Kind::Damaged => Code::Failed,
    }
}

impl Classify for notation::Error {
    fn class(&self) -> Class {
        of_kind(self.kind()).hint_if(self.advice())
    }
}

impl Classify for ProgramError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound { name, is_here } => {
                let name = name.to_string_lossy();
                let value = name.split_once('=').map_or(&*name, |(_, value)| value);
                let is_reference = notation::has_prefix(value);
                let hint = if is_reference {
                    "`-e NAME=NOTATION` in front of the program sets a variable".to_owned()
                } else if *is_here {
                    format!("`.{MAIN_SEPARATOR}{name}` is the one in this directory")
                } else if name.contains(char::is_whitespace) {
                    let shell = if cfg!(windows) {
                        "cmd /C …"
                    } else {
                        "sh -c '…'"
                    };
                    format!(
                        "a program and its arguments are words of their own; `ksm exec -- {shell}` runs a line of the shell"
                    )
                } else {
                    return Code::NotFound.into();
                };
                Code::NotFound.hint(hint)
            }
            Self::NotExecutable { .. } | Self::OutOfReach { .. } => Code::NotExecutable.into(),
        }
    }
}

impl Classify for SubstituteError {
    fn class(&self) -> Class {
        match self {
            // Arguments were typed with the command; variables were there before.
            Self::Malformed {
                input: ProgramInput::Argument(_),
                error,
            } => error.class(),
            Self::Malformed {
                input: ProgramInput::Variable(_) | ProgramInput::File(_),
                error,
            } => Code::Local.hint_if(of_notation(error)),
            Self::NotText { .. } | Self::File { .. } => Code::Local.into(),
            Self::Nul { .. } | Self::NotUnicode { .. } => Code::Failed.into(),
            Self::Unresolved(_) => Code::Missing.into(),
        }
    }

    fn lines(&self) -> Vec<String> {
        let Self::Unresolved(each) = self else {
            return Vec::new();
        };
        let each = each.iter();
        each.map(|(input, error)| format!("{input}: {}", error.advised()))
            .collect()
    }
}

impl Classify for UnknownTransform {
    fn class(&self) -> Class {
        Code::Usage.into()
    }

    fn lines(&self) -> Vec<String> {
        let names: Vec<_> = Transform::names().collect();
        let known = format!("Available transforms: {}", names.join(", "));
        vec![self.to_string(), known]
    }
}

impl Classify for assignment::Error {
    fn class(&self) -> Class {
        match self {
            Self::Malformed { error, .. } => error.class(),
            Self::NoName => {
                Code::Usage.hint("write `-e NAME=NOTATION`, or `-e NAME` to keep a variable")
            }
            Self::NoVariable(meant) => Code::Usage.hint(format!(
                "`-e {}` sets a variable to it",
                advice::word(meant)
            )),
            Self::NotAName => Code::Usage.hint(
                "`-e NAME=NOTATION` sets a variable; `--env-file FILE` reads a file of NAME=VALUE lines",
            ),
            Self::NoPath => Code::Usage.hint("write `--file PATH=NOTATION`"),
            Self::NoWay { .. } => Code::Usage.hint(
                "`-e NAME=@file:NOTATION` gives the path of a private file; a title like this stands behind `keeper://`",
            ),
            Self::NoMemoryFiles { .. } => Code::Usage.hint("`@file:` works here as well"),
            Self::NotText { .. } => Code::Usage.into(),
        }
    }
}

impl Classify for sources::Error {
    fn class(&self) -> Class {
        match self {
            Self::Withheld { .. } => Code::Usage.hint(
                "`--keep-config` lets the program have KSM_CONFIG; one-time tokens it never gets",
            ),
            Self::Twice { .. } => Code::Usage.into(),
            Self::Nul { .. } | Self::EqualSign { .. } => Code::Local.into(),
        }
    }
}

impl Classify for files::Error {
    fn class(&self) -> Class {
        match self {
            Self::Disk(error) => error.class(),
            Self::Memory(_) => Code::Local.hint("`@file:` writes a private file instead"),
        }
    }
}

impl Classify for NotBoolean {
    fn class(&self) -> Class {
        Code::Local.hint(format!("`unset {}` goes without it", self.name))
    }
}

impl Classify for LaunchError {
    fn class(&self) -> Class {
        match self {
            Self::TooLarge { .. } => Code::BeforeChild.into(),
            Self::Preparation(_) | Self::NoRoom { .. } => Code::BeforeChild.hint(
                "`ulimit -a` tells how many processes and open files there may be, and how much memory",
            ),
            Self::LineBreak { .. } => Code::BeforeChild.into(),
            Self::NotFound { .. } | Self::NoInterpreter { .. } => Code::NotFound.into(),
            Self::NotExecutable { .. } => Code::NotExecutable.into(),
        }
    }
}
