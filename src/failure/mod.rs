//! The failure of a command: message, hint and exit code.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use ksm::{error_chain, foreign, input};

use crate::console;

// No `match` on an error has a wildcard, so that each new kind has to choose its code.
mod aws;
mod azure;
mod class;
mod cloud;
#[cfg(feature = "dev-vault")]
mod dev;
mod export;
mod google;
mod kubernetes;
mod network;
mod profiles;
mod references;
mod schema;
mod sync;
mod vault;

pub(crate) use class::Code;
use class::{Class, Classify};

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Displays as the lines on stderr: `Error:`, and `Hint:` where there is one.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    cause: Cause,
    hint: Option<String>,
}

#[derive(Debug)]
enum Cause {
    Happened(Box<dyn Error + Send + Sync>),
    /// An error of several lines.
    Lines(Vec<String>),
    ReaderGone,
}

impl Failure {
    /// `what` is a sentence without full stop, or an error whose sources complete it.
    pub(crate) fn new(code: Code, what: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            code,
            cause: Cause::Happened(what.into()),
            hint: None,
        }
    }

    /// A failure of several lines; each is shown as text of others.
    pub(crate) fn of_lines(code: Code, lines: impl Into<Vec<String>>) -> Self {
        Self {
            code,
            cause: Cause::Lines(lines.into()),
            hint: None,
        }
    }

    pub(crate) fn usage(what: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Code::Usage, what)
    }

    /// A file or stdin that the command line names cannot be read.
    pub(crate) fn of_input(error: impl Into<input::Error>) -> Self {
        Self::usage(error.into())
    }

    pub(crate) fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }

    /// Puts `doing: ` in front of the message.
    pub(crate) fn while_doing(mut self, doing: impl fmt::Display) -> Self {
        match &mut self.cause {
            Cause::Happened(cause) => {
                *cause = format!("{doing}: {}", error_chain::joined(cause.as_ref())).into();
            }
            Cause::Lines(lines) => lines
                .iter_mut()
                .take(1)
                .for_each(|line| line.insert_str(0, &format!("{doing}: "))),
            Cause::ReaderGone => {}
        }
        self
    }

    /// Maps the code of a failure of `exec` to one that says that the program was not started.
    pub(crate) fn before_child(mut self) -> Self {
        self.code = self.code.before_child();
        self
    }

    /// The message with its causes, for another sentence.
    pub(crate) fn reason(&self) -> String {
        match &self.cause {
            Cause::Happened(cause) => error_chain::joined(cause.as_ref()),
            Cause::Lines(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| line.trim_start()).collect();
                lines.join("; ").replace(":; ", ": ").replace(".; ", "; ")
            }
            Cause::ReaderGone => String::new(),
        }
    }

    /// [`Self::reason`] as it is listed for people.
    pub(crate) fn lines(&self) -> Vec<String> {
        match &self.cause {
            Cause::Lines(lines) => lines.clone(),
            Cause::Happened(_) | Cause::ReaderGone => vec![self.reason()],
        }
    }

    pub(crate) fn advice(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether the reader of the answer went away, which is no failure (O7).
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self.cause, Cause::ReaderGone)
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        self.code.into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Happened(cause) => {
                let message = error_chain::joined(cause.as_ref());
                writeln!(f, "Error: {}", foreign::message(&message))?;
            }
            Cause::Lines(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| foreign::message(line)).collect();
                writeln!(f, "Error: {}", lines.join("\n"))?;
            }
            Cause::ReaderGone => {}
        }
        if let Some(hint) = &self.hint {
            writeln!(f, "Hint: {}", foreign::message(hint))?;
        }
        Ok(())
    }
}

impl<E: Classify> From<E> for Failure {
    fn from(error: E) -> Self {
        let Class { code, hint } = error.class();
        let lines = error.lines();
        Self {
            code,
            cause: match lines.is_empty() {
                true => Cause::Happened(Box::new(error)),
                false => Cause::Lines(lines),
            },
            hint: hint.map(Cow::into_owned),
        }
    }
}

impl From<console::Error> for Failure {
    fn from(error: console::Error) -> Self {
        let cause = match error {
            error if error.is_broken_pipe() => Cause::ReaderGone,
            console::Error::Untold { mut done, source } if done.len() > 1 => {
                let reason = error_chain::joined(&source);
                done.push(format!("but the answer went astray: {reason}"));
                Cause::Lines(done)
            }
            error => Cause::Happened(Box::new(error)),
        };
        Self {
            code: Code::Failed,
            cause,
            hint: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot open the drawer")]
    struct Drawer(#[source] io::Error);

    #[derive(Debug, thiserror::Error)]
    #[error("the desk is of no use: {0}")]
    struct Desk(#[source] Drawer);

    #[test]
    fn a_failure_prints_each_cause_once_and_a_hint() {
        let stuck = || Drawer(io::Error::other("it is stuck"));
        let table = [
            (
                Failure::usage("no drawer named"),
                "Error: no drawer named\n",
            ),
            (
                Failure::new(Code::Local, stuck()).hint("pull harder"),
                "Error: cannot open the drawer: it is stuck\nHint: pull harder\n",
            ),
            (
                Failure::new(Code::Local, Desk(stuck())),
                "Error: the desk is of no use: cannot open the drawer: it is stuck\n",
            ),
            (
                Failure::new(Code::Local, stuck())
                    .while_doing("Could not tidy up")
                    .hint("pull harder"),
                "Error: Could not tidy up: cannot open the drawer: it is stuck\nHint: pull harder\n",
            ),
        ];
        for (failure, shown) in table {
            assert_eq!(failure.to_string(), shown);
        }
    }

    #[test]
    fn before_the_child_starts_only_shell_codes_show() {
        for (code, shown) in [
            (Code::Usage, Code::Usage),
            (Code::NotFound, Code::NotFound),
            (Code::NotExecutable, Code::NotExecutable),
            (Code::Missing, Code::BeforeChild),
            (Code::Unreachable, Code::BeforeChild),
            (Code::BeforeChild, Code::BeforeChild),
        ] {
            let failure = Failure::new(code, "it failed").before_child();
            assert_eq!(failure.code(), shown, "{code:?}");
            assert!(!failure.is_broken_pipe());
        }
    }
}
