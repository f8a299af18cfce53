//! Starts the program: in our place on Unix (D22), as a child elsewhere.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};

use super::program::Program;
use crate::environment::ChildEnvironment;

/// A program with all that it gets.
pub struct Launch {
    pub program: Program,
    /// Without the program's own name.
    pub arguments: Vec<OsString>,
    pub environment: ChildEnvironment,
}

/// Names one of the things a program gets, for messages that must not show its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramInput {
    Variable(OsString),
    /// Counted from 0.
    Argument(usize),
    File(PathBuf),
}

impl fmt::Display for ProgramInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "variable `{}`", name.display()),
            Self::Argument(index) => write!(f, "argument {}", index + 1),
            Self::File(path) => write!(f, "file {}", path.display()),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    #[error(
        "the environment and the arguments are too large for a new program; the largest part is {largest} with {bytes} bytes"
    )]
    TooLarge { largest: ProgramInput, bytes: usize },
    /// The pipes, terminal or signal handlers between the program and us could not be made.
    #[error("cannot prepare to stay with the program")]
    Preparation(#[source] io::Error),
    /// The program, or the interpreter of a script, is missing: exit code 127.
    #[error("cannot execute `{}`", .name.display())]
    NotFound { name: OsString, source: io::Error },
    /// Exit code 126.
    #[error("cannot execute `{}`", .name.display())]
    NotExecutable { name: OsString, source: io::Error },
}

impl Launch {
    /// Becomes the program, and returns only if that fails. On systems other than Unix, waits for the program instead.
    pub fn run(self) -> Result<ExitStatus, LaunchError> {
        replace(self.command()).map_err(|error| self.explain(error))
    }

    pub(super) fn command(&self) -> Command {
        let mut command = self.environment.command(&self.program.path);
        command.args(&self.arguments);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, &self.program.name);
        command
    }

    pub(super) fn explain(&self, source: io::Error) -> LaunchError {
        let name = self.program.name.clone();
        match source.kind() {
            io::ErrorKind::ArgumentListTooLong => self.too_large(),
            io::ErrorKind::NotFound => LaunchError::NotFound { name, source },
            _ => LaunchError::NotExecutable { name, source },
        }
    }

    /// Refuses what no new program gets on Linux (execve(2)): a string of 32 pages or more, or more of them than the
    /// stack's limit allows. For dry runs, since starting the program makes the system say so itself.
    #[cfg(target_os = "linux")]
    pub fn check_size(&self) -> Result<(), LaunchError> {
        use rustix::process::{Resource, getrlimit};
        const POINTER: usize = size_of::<usize>();
        let own = 2 * (self.program.name.len() + 1 + POINTER);
        let others = self.sizes().map(|(_, size)| size + 1 + POINTER);
        let total = own + others.sum::<usize>();
        let stack = getrlimit(Resource::Stack).current.unwrap_or(u64::MAX);
        let room = (stack / 4).clamp(128 << 10, 6 << 20);
        let (_, largest) = self.largest();
        if largest >= 32 * rustix::param::page_size() || total as u64 > room {
            return Err(self.too_large());
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    pub fn check_size(&self) -> Result<(), LaunchError> {
        Ok(())
    }

    fn too_large(&self) -> LaunchError {
        let (largest, bytes) = self.largest();
        LaunchError::TooLarge { largest, bytes }
    }

    fn largest(&self) -> (ProgramInput, usize) {
        self.sizes()
            .max_by_key(|(_, bytes)| *bytes)
            .unwrap_or((ProgramInput::Argument(0), 0))
    }

    fn sizes(&self) -> impl Iterator<Item = (ProgramInput, usize)> {
        let variables = self.environment.iter().map(|(name, value)| {
            let size = name.len() + 1 + value.len();
            (ProgramInput::Variable(name.to_owned()), size)
        });
        let arguments = self.arguments.iter().enumerate();
        variables.chain(arguments.map(|(index, text)| (ProgramInput::Argument(index), text.len())))
    }
}

/// Shows neither arguments nor values, which may be secrets.
impl fmt::Debug for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Launch")
            .field("program", &self.program)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

// Nothing is left to undo on success: our files close on exec, and the standard library restores SIGPIPE's default.
#[cfg(unix)]
fn replace(mut command: Command) -> Result<ExitStatus, io::Error> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<ExitStatus, io::Error> {
    command.status()
}
