//! Every way a command fails: what happened, what to try, and the exit code of its class.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use crate::console;

mod core;

/// The exit codes, one per class of failure (decision D1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Some of several items failed, a record does not decrypt, the output cannot be written.
    Failed = 1,
    /// The command line was wrong.
    Usage = 2,
    /// No such record, field, file, folder or profile, or more than one where one is needed.
    Missing = 3,
    /// The server refused.
    Refused = 4,
    /// The server could not be reached or understood.
    Unreachable = 5,
    /// The configuration on this machine does not serve.
    Local = 6,
    /// `exec` failed before the program was started.
    BeforeChild = 125,
    /// `exec` found a program that cannot be run.
    NotExecutable = 126,
    /// `exec` found no such program.
    NotFound = 127,
}

impl Code {
    // The shell's own codes keep their meaning in `exec`, so ours must not look like the child's.
    fn before_child(self) -> Self {
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

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// A command that failed. Shows as the lines the user reads.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    what: What,
    hint: Option<String>,
}

#[derive(Debug)]
enum What {
    Happened(Box<dyn Error + Send + Sync>),
    // The help of a group named without a command, instead of an error.
    NeedsCommand(String),
    ReaderGone,
}

impl Failure {
    /// Fails for `what`: a sentence without full stop, or an error whose sources complete it.
    pub(crate) fn new(code: Code, what: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            code,
            what: What::Happened(what.into()),
            hint: None,
        }
    }

    /// Fails because the command line was wrong.
    pub(crate) fn usage(what: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Code::Usage, what)
    }

    /// Answers a group of commands that was called without one: its help, as a failure.
    pub(crate) fn needs_command(help: String) -> Self {
        Self {
            code: Code::Usage,
            what: What::NeedsCommand(help),
            hint: None,
        }
    }

    /// Says what to try.
    pub(crate) fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }

    fn hint_if(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.hint(text),
            None => self,
        }
    }

    /// Says first what was being done: `doing: what happened`.
    pub(crate) fn while_doing(mut self, doing: impl fmt::Display) -> Self {
        if let What::Happened(cause) = self.what {
            self.what = What::Happened(format!("{doing}: {}", chain(cause.as_ref())).into());
        }
        self
    }

    /// Gives a failure of `exec` the code that says that the program was not started.
    pub(crate) fn before_child(mut self) -> Self {
        self.code = self.code.before_child();
        self
    }

    /// Whether the reader of our output went away, which is no failure (security.md O7).
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self.what, What::ReaderGone)
    }

    /// The class of this failure.
    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// What the process exits with.
    pub(crate) fn exit_code(&self) -> ExitCode {
        self.code.into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Happened(cause) => writeln!(f, "Error: {}", chain(cause.as_ref()))?,
            What::NeedsCommand(help) => f.write_str(help)?,
            What::ReaderGone => {}
        }
        if let Some(hint) = &self.hint {
            writeln!(f, "Hint: {hint}")?;
        }
        Ok(())
    }
}

// An error and its sources. A source that its error already repeats is not said twice.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let text = source.to_string();
        if !said.ends_with(&text) {
            said.push_str(": ");
            said.push_str(&text);
        }
        next = source.source();
    }
    said
}

impl From<console::Error> for Failure {
    fn from(error: console::Error) -> Self {
        if error.is_broken_pipe() {
            Self {
                code: Code::Failed,
                what: What::ReaderGone,
                hint: None,
            }
        } else {
            Self::new(Code::Failed, error)
        }
    }
}
