//! Starts the program: in our place where the system knows how (decision D22), as a child elsewhere.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::process::{Command, ExitStatus};

use super::program::Program;
use super::slot::Slot;
use crate::environment::ChildEnvironment;

/// A program with all that it gets. Does not print arguments or values, which may be secrets.
pub struct Launch {
    /// What to start.
    pub program: Program,
    /// Its arguments, its own name apart.
    pub arguments: Vec<OsString>,
    /// All of its environment.
    pub environment: ChildEnvironment,
}

/// Why the system did not start a program.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// One value, or all together, are longer than the system passes on.
    #[error(
        "the environment and the arguments are too large for a new program; the largest part is {largest} with {bytes} bytes"
    )]
    TooLarge {
        /// Where most of it is.
        largest: Slot,
        /// Its length.
        bytes: usize,
    },
    /// What stands between the program and us could not be made.
    #[error("cannot prepare to stay with the program")]
    Preparation(#[source] io::Error),
    /// The program, or what it needs to run, is missing: exit code 127.
    #[error("cannot execute `{}`", .name.display())]
    NotFound {
        /// As typed.
        name: OsString,
        /// The system's reason.
        source: io::Error,
    },
    /// The system does not run it: exit code 126.
    #[error("cannot execute `{}`", .name.display())]
    NotExecutable {
        /// As typed.
        name: OsString,
        /// The system's reason.
        source: io::Error,
    },
}

impl Launch {
    /// Becomes the program; comes back only if it cannot. Elsewhere than on Unix it waits for the program and gives
    /// its status.
    pub fn run(self) -> Result<ExitStatus, LaunchError> {
        replace(self.command()).map_err(|error| self.explain(error))
    }

    /// What the system is asked to start.
    pub(super) fn command(&self) -> Command {
        let mut command = self.environment.command(&self.program.path);
        command.args(&self.arguments);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, &self.program.name);
        command
    }

    /// Why it did not.
    pub(super) fn explain(&self, source: io::Error) -> LaunchError {
        let name = self.program.name.clone();
        match source.kind() {
            io::ErrorKind::ArgumentListTooLong => {
                let (largest, bytes) = self.largest();
                LaunchError::TooLarge { largest, bytes }
            }
            io::ErrorKind::NotFound => LaunchError::NotFound { name, source },
            _ => LaunchError::NotExecutable { name, source },
        }
    }

    pub(super) fn largest(&self) -> (Slot, usize) {
        let variables = self.environment.iter().map(|(name, value)| {
            (
                Slot::Variable(name.to_owned()),
                name.len() + 1 + value.len(),
            )
        });
        let arguments = self
            .arguments
            .iter()
            .enumerate()
            .map(|(slot, text)| (Slot::Argument(slot), text.len()));
        let all = variables.chain(arguments);
        all.max_by_key(|(_, bytes)| *bytes)
            .unwrap_or((Slot::Argument(0), 0))
    }
}

impl fmt::Debug for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Launch")
            .field("program", &self.program)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

/// Nothing is left to undo when this succeeds: our files close on exec, and the standard library gives SIGPIPE, which
/// it ignores in us, its default back.
#[cfg(unix)]
fn replace(mut command: Command) -> Result<ExitStatus, io::Error> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Result<ExitStatus, io::Error> {
    command.status()
}
