//! Starts the program: in our place on Unix (D22), as a child elsewhere.

use std::ffi::OsString;
#[cfg(target_os = "linux")]
use std::ffi::{CStr, CString, NulError, OsStr};
use std::fmt;
use std::io;
use std::path::PathBuf;
#[cfg(not(target_os = "linux"))]
use std::process::Command;
use std::process::ExitStatus;

#[cfg(target_os = "linux")]
use nix::errno::Errno;

use super::program::Program;
use crate::environment::ChildEnvironment;

/// A program with all that it gets.
pub struct Launch {
    pub program: Program,
    /// Without the program's own name.
    pub arguments: Vec<OsString>,
    pub environment: ChildEnvironment,
}

/// A launch as the system takes it.
#[cfg(target_os = "linux")]
pub(super) struct Strings {
    pub(super) path: CString,
    pub(super) arguments: Vec<CString>,
    pub(super) environment: Vec<CString>,
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
        "the environment and the arguments are too large for a new program: {total} bytes{}; the largest part is {largest} with {bytes} bytes",
        the_most(*.limit, *.largest_limit)
    )]
    TooLarge {
        total: usize,
        /// What the system takes of all parts together; `None` where that is not known.
        limit: Option<usize>,
        largest: ProgramInput,
        bytes: usize,
        /// What it takes of one part.
        largest_limit: Option<usize>,
    },
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

fn the_most(limit: Option<usize>, largest_limit: Option<usize>) -> String {
    let each = largest_limit.map_or(String::new(), |limit| {
        format!(", and {limit} for each part")
    });
    limit.map_or(String::new(), |limit| {
        format!(", and the limit is {limit}{each}")
    })
}

impl Launch {
    /// Becomes the program, and returns only if that fails. On systems other than Unix, waits for the program instead.
    pub fn run(self) -> Result<ExitStatus, LaunchError> {
        self.replace().map_err(|error| self.explain(error))
    }

    // Nothing is left to undo on success: our files close on exec.
    #[cfg(target_os = "linux")]
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment is that of the launch"
    )]
    fn replace(&self) -> io::Result<ExitStatus> {
        // A signal that is handled is at its default afterwards; one that is ignored, as the standard library does, stays so.
        let _ =
            signal_hook::flag::register(signal_hook::consts::SIGPIPE, std::sync::Arc::default());
        let replaced = self.attempt(|strings| {
            nix::unistd::execve(&strings.path, &strings.arguments, &strings.environment)
        });
        replaced.map(|never| match never {})
    }

    // The standard library restores SIGPIPE's default.
    #[cfg(all(unix, not(target_os = "linux")))]
    fn replace(&self) -> io::Result<ExitStatus> {
        use std::os::unix::process::CommandExt;
        Err(self.command().exec())
    }

    #[cfg(not(unix))]
    fn replace(&self) -> io::Result<ExitStatus> {
        self.command().status()
    }

    /// Starts the program by `start`, and a script that names no interpreter by `sh`, as `execvp` does in some C
    /// libraries (D24).
    #[cfg(target_os = "linux")]
    pub(super) fn attempt<T>(&self, start: impl Fn(&Strings) -> Result<T, Errno>) -> io::Result<T> {
        const SHELL: &CStr = c"/bin/sh";
        let mut strings = self.strings()?;
        let started = match start(&strings) {
            Err(Errno::ENOEXEC) if self.program.is_text() => {
                let script = std::mem::replace(&mut strings.path, SHELL.into());
                let given = strings.arguments.split_off(1);
                strings.arguments = [SHELL.into(), script].into_iter().chain(given).collect();
                // Without a shell it is the script that cannot be executed.
                start(&strings).map_err(|error| match error {
                    Errno::ENOENT => Errno::ENOEXEC,
                    error => error,
                })
            }
            started => started,
        };
        Ok(started?)
    }

    #[cfg(target_os = "linux")]
    fn strings(&self) -> Result<Strings, NulError> {
        use std::os::unix::ffi::OsStrExt;
        let c_string = |text: &OsStr| CString::new(text.as_bytes());
        let variable = |(name, value): (&OsStr, &OsStr)| {
            CString::new([name.as_bytes(), b"=", value.as_bytes()].concat())
        };
        let name = std::iter::once(&self.program.name);
        let nameless = self.environment.nameless().iter();
        let nameless = nameless.map(|entry| c_string(entry));
        let variables = self.environment.iter().map(variable);
        Ok(Strings {
            path: c_string(self.program.path.as_os_str())?,
            arguments: name
                .chain(&self.arguments)
                .map(|argument| c_string(argument))
                .collect::<Result<_, _>>()?,
            environment: variables.chain(nameless).collect::<Result<_, _>>()?,
        })
    }

    #[cfg(not(target_os = "linux"))]
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
    pub fn check_size(&self) -> Result<(), LaunchError> {
        let (_, largest) = self.largest();
        let is_more = |bytes, limit: Option<usize>| limit.is_some_and(|limit| bytes > limit);
        if is_more(largest, largest_limit()) || is_more(self.total(), total_limit()) {
            return Err(self.too_large());
        }
        Ok(())
    }

    fn too_large(&self) -> LaunchError {
        let (largest, bytes) = self.largest();
        LaunchError::TooLarge {
            total: self.total(),
            limit: total_limit(),
            largest,
            bytes,
            largest_limit: largest_limit(),
        }
    }

    /// As the system counts: with an end and an address for each string, the program's name twice.
    fn total(&self) -> usize {
        const POINTER: usize = size_of::<usize>();
        let own = 2 * (self.program.name.len() + 1 + POINTER);
        let others = self.sizes().map(|(_, size)| size + 1 + POINTER);
        own + others.sum::<usize>()
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

#[cfg(target_os = "linux")]
fn total_limit() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    let stack = getrlimit(Resource::Stack).current.unwrap_or(u64::MAX);
    usize::try_from(total_within(stack)).ok()
}

#[cfg(target_os = "linux")]
fn total_within(stack: u64) -> u64 {
    (stack / 4).clamp(128 << 10, 6 << 20)
}

#[cfg(target_os = "linux")]
fn largest_limit() -> Option<usize> {
    Some(32 * rustix::param::page_size() - 1)
}

#[cfg(not(target_os = "linux"))]
fn total_limit() -> Option<usize> {
    None
}

#[cfg(not(target_os = "linux"))]
fn largest_limit() -> Option<usize> {
    None
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn launch(arguments: &[usize]) -> Launch {
        let mut environment = ChildEnvironment::default();
        environment.set("NAME", "value");
        Launch {
            program: Program {
                name: "true".into(),
                path: "/bin/true".into(),
            },
            arguments: arguments
                .iter()
                .map(|length| "x".repeat(*length).into())
                .collect(),
            environment,
        }
    }

    #[test]
    fn sizes_are_counted_as_the_system_counts() {
        let pointer = size_of::<usize>();
        let small = launch(&[3, 0]);
        assert_eq!(small.total(), 2 * 5 + 11 + 4 + 1 + 5 * pointer);
        assert_eq!(small.largest(), (ProgramInput::Variable("NAME".into()), 10));
        assert_eq!(launch(&[1, 11]).largest(), (ProgramInput::Argument(1), 11));
    }

    #[test]
    fn a_quarter_of_the_stack_is_for_arguments() {
        for (stack, expected) in [
            (524_288, 131_072),
            (8_388_608, 2_097_152),
            (u64::MAX, 6_291_456),
        ] {
            assert_eq!(total_within(stack), expected, "{stack}");
        }
    }

    #[test]
    fn what_no_program_gets_is_refused_at_the_limit() {
        let each = largest_limit().unwrap();
        assert!(launch(&[each]).check_size().is_ok());
        assert!(launch(&[each + 1]).check_size().is_err());
        let most = total_limit().unwrap();
        let own = 1 + size_of::<usize>();
        let mut arguments = vec![each; (most / (each + own)).saturating_sub(1)];
        let rest = most - launch(&arguments).total() - 2 * own;
        arguments.extend([rest / 2, rest - rest / 2]);
        assert!(launch(&arguments).check_size().is_ok());
        arguments.push(0);
        assert!(launch(&arguments).check_size().is_err());
    }
}
