//! A program with all that it gets, and on Unix its start in our place (D22).

use std::ffi::OsString;
#[cfg(target_os = "linux")]
use std::ffi::{CStr, CString, NulError, OsStr};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
#[cfg(not(target_os = "linux"))]
use std::process::Command;

#[cfg(target_os = "linux")]
use nix::errno::Errno;

use crate::environment::ChildEnvironment;
use crate::foreign::Text;
use crate::program::Program;

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
    /// There is no room for another process, its memory or its files, whatever the program is.
    #[error("cannot start `{}`", .name.display())]
    NoRoom { name: OsString, source: io::Error },
    /// The shell of Windows would take the rest of it for a command.
    #[error("cannot start `{}`: a batch file gets no argument with a line break, as argument {} has one", .name.display(), .index + 1)]
    LineBreak { name: OsString, index: usize },
    /// The program, or the interpreter of a script, is missing: exit code 127.
    #[error("cannot execute `{}`", .name.display())]
    NotFound { name: OsString, source: io::Error },
    /// Of a script. Exit code 127.
    #[error("cannot execute `{}`: its first line names `{}`, which was not found", .name.display(), Text::from(.interpreter))]
    NoInterpreter { name: OsString, interpreter: String },
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
    /// Becomes the program, and returns only if that fails.
    #[cfg(unix)]
    pub fn run(self) -> LaunchError {
        let error = self.replace();
        self.explain(error)
    }

    // Nothing is left to undo on success: our files close on exec.
    #[cfg(target_os = "linux")]
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment is that of the launch"
    )]
    fn replace(&self) -> io::Error {
        // A signal that is handled is at its default afterwards; one that is ignored, as the standard library does, stays so.
        let _ =
            signal_hook::flag::register(signal_hook::consts::SIGPIPE, std::sync::Arc::default());
        let replaced = self.attempt(|strings| {
            nix::unistd::execve(&strings.path, &strings.arguments, &strings.environment)
        });
        match replaced {
            Err(error) => error,
        }
    }

    // The standard library restores SIGPIPE's default.
    #[cfg(all(unix, not(target_os = "linux")))]
    fn replace(&self) -> io::Error {
        use std::os::unix::process::CommandExt;
        self.command().exec()
    }

    /// Starts the program by `start`, and a script that names no interpreter by `sh`, as `execvp` does in some C
    /// libraries (D24).
    #[cfg(target_os = "linux")]
    pub(super) fn attempt<T>(&self, start: impl Fn(&Strings) -> Result<T, Errno>) -> io::Result<T> {
        const SHELL: &CStr = c"/bin/sh";
        let mut strings = self.strings()?;
        let started = match start(&strings) {
            Err(Errno::ENOEXEC) if is_text(&self.program.path) => {
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
        let mut command = self.program.command(&self.environment);
        command.args(&self.arguments);
        command
    }

    pub(super) fn explain(&self, source: io::Error) -> LaunchError {
        let name = self.program.name.clone();
        match source.kind() {
            io::ErrorKind::ArgumentListTooLong => self.too_large(),
            io::ErrorKind::InvalidInput if self.program.is_batch() => {
                let has_break = |text: &OsString| text.to_string_lossy().contains(['\r', '\n']);
                match self.arguments.iter().position(has_break) {
                    Some(index) => LaunchError::LineBreak { name, index },
                    None => LaunchError::NotExecutable { name, source },
                }
            }
            io::ErrorKind::NotFound => match interpreter(&self.program.path) {
                Some(interpreter) => LaunchError::NoInterpreter { name, interpreter },
                None => LaunchError::NotFound { name, source },
            },
            _ if is_no_room(&source) => LaunchError::NoRoom { name, source },
            _ => LaunchError::NotExecutable { name, source },
        }
    }
}

/// Whether it may be a script: shells look for a NUL in the first line, as every binary has.
#[cfg(target_os = "linux")]
fn is_text(path: &Path) -> bool {
    first_line(path).is_some_and(|line| !line.contains(&0))
}

/// What the first line of a script names.
fn interpreter(path: &Path) -> Option<String> {
    let line = first_line(path)?;
    let words = str::from_utf8(line.strip_prefix(b"#!")?).ok()?;
    words.split_whitespace().next().map(str::to_owned)
}

/// At most as much as systems look at.
fn first_line(path: &Path) -> Option<Vec<u8>> {
    use std::io::Read;

    let mut start = [0; 128];
    let mut file = crate::input::open(path).ok()?;
    let length = file.read(&mut start).ok()?;
    let line = start.iter().take(length).take_while(|byte| **byte != b'\n');
    Some(line.copied().collect())
}

#[cfg(unix)]
fn is_no_room(reason: &io::Error) -> bool {
    use rustix::io::Errno;
    let known = [Errno::AGAIN, Errno::NOMEM, Errno::MFILE, Errno::NFILE];
    let code = reason.raw_os_error();
    known
        .into_iter()
        .any(|known| code == Some(known.raw_os_error()))
}

#[cfg(not(unix))]
fn is_no_room(reason: &io::Error) -> bool {
    reason.kind() == io::ErrorKind::OutOfMemory
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

#[cfg(all(test, unix))]
mod tests {
    use rustix::io::Errno;

    use super::*;

    /// What fails for every program is not the program's fault.
    #[test]
    fn want_of_room_is_told_from_a_bad_program() {
        let launch = Launch {
            program: Program::at("/bin/true"),
            arguments: Vec::new(),
            environment: ChildEnvironment::default(),
        };
        let explained = |launch: &Launch, reason: Errno| launch.explain(reason.into());
        for reason in [Errno::AGAIN, Errno::NOMEM, Errno::MFILE, Errno::NFILE] {
            let error = explained(&launch, reason);
            assert!(matches!(error, LaunchError::NoRoom { .. }), "{error}");
        }
        assert!(matches!(
            explained(&launch, Errno::NOENT),
            LaunchError::NotFound { .. }
        ));
        let home = tempfile::tempdir().unwrap();
        let script = home.path().join("script");
        std::fs::write(&script, "#! /no/such -x\n").unwrap();
        let launch = Launch {
            program: Program::at(&script),
            ..launch
        };
        let error = explained(&launch, Errno::NOENT).to_string();
        assert!(error.contains("names `/no/such`, which"), "{error}");
        for reason in [Errno::ACCESS, Errno::NOEXEC, Errno::ISDIR, Errno::LOOP] {
            let error = explained(&launch, reason);
            assert!(
                matches!(error, LaunchError::NotExecutable { .. }),
                "{error}"
            );
        }
    }
}
