//! The class of an error: its exit code, and a hint.

use std::borrow::Cow;
use std::error::Error;
use std::process::ExitCode;

/// The exit codes (D1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Some of several items failed, a record does not decrypt, the output cannot be written.
    Failed = 1,
    /// The command line was wrong.
    Usage = 2,
    /// No such record, field, file, folder or profile, or more than one where one is needed.
    Missing = 3,
    Refused = 4,
    /// The server could not be reached or understood.
    Unreachable = 5,
    /// The configuration on this machine is missing or unusable.
    Local = 6,
    /// `exec` failed before the program was started.
    BeforeChild = 125,
    NotExecutable = 126,
    NotFound = 127,
}

impl Code {
    // The child's exit codes become ours, so a failure of ours takes one of the shell's.
    pub(super) fn before_child(self) -> Self {
        match self {
            Self::Usage | Self::NotExecutable | Self::NotFound => self,
            Self::Failed
            | Self::Missing
            | Self::Refused
            | Self::Unreachable
            | Self::Local
            | Self::BeforeChild => Self::BeforeChild,
        }
    }
}

/// The exit code and the hint of an error.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) code: Code,
    pub(super) hint: Option<Cow<'static, str>>,
}

/// An error of the library that fails a command.
pub(super) trait Classify: Error + Send + Sync + 'static {
    fn class(&self) -> Class;

    /// The lines of an error that has several; each is shown as text of others.
    fn lines(&self) -> Vec<String> {
        Vec::new()
    }
}

impl Code {
    pub(super) fn hint(self, text: impl Into<Cow<'static, str>>) -> Class {
        self.hint_if(Some(text))
    }

    pub(super) fn hint_if(self, text: Option<impl Into<Cow<'static, str>>>) -> Class {
        Class {
            code: self,
            hint: text.map(Into::into),
        }
    }
}

impl From<Code> for Class {
    fn from(code: Code) -> Self {
        Self { code, hint: None }
    }
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}
