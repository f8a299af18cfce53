//! Finds programs as the shells of the system do, before anything is asked for them, and takes command lines apart.

#[cfg(unix)]
mod unix;
#[cfg(any(windows, test))]
mod windows;

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::environment::{ChildEnvironment, names};
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// As typed; becomes the program's `argv[0]`.
    pub name: OsString,
    /// Needs no search in `PATH`.
    pub path: PathBuf,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// Exit code 127.
    #[error("program `{}` was not found", .name.display())]
    NotFound {
        name: OsString,
        /// Whether one of this name lies in the working directory, where it is not looked for.
        is_here: bool,
    },
    /// Exit code 126.
    #[error("{} cannot be run: it is no executable file", .path.display())]
    NotExecutable { path: PathBuf },
    /// Whether it is there cannot be seen. Exit code 126.
    #[error("{} cannot be run: {reason}", .path.display())]
    OutOfReach { path: PathBuf, reason: String },
}

impl Program {
    /// Looks `name` up by `PATH` and what else of `variables` the system searches by. A name with a separator in it is the
    /// path itself.
    pub fn find<'v>(
        name: &OsStr,
        variables: impl Fn(&'static str) -> Option<&'v OsStr>,
    ) -> Result<Self, ProgramError> {
        let candidates = system::candidates(name, &variables);
        if let [path] = candidates.as_slice()
            && path.as_os_str() == name
            && let Err(reason) = path.try_exists()
        {
            return Err(ProgramError::OutOfReach {
                path: path.clone(),
                reason: reason.to_string(),
            });
        }
        let existing: Vec<_> = candidates
            .into_iter()
            .filter(|path| path.exists())
            .collect();
        if let Some(path) = existing.iter().find(|path| system::is_runnable(path)) {
            return Ok(Self {
                name: name.to_owned(),
                path: path.clone(),
            });
        }
        match existing.into_iter().next() {
            Some(path) => Err(ProgramError::NotExecutable { path }),
            None => Err(ProgramError::NotFound {
                name: name.to_owned(),
                is_here: is_here(name, &variables),
            }),
        }
    }

    /// The program at a path that needs no search.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            name: path.clone().into(),
            path,
        }
    }

    /// The program, with this environment and no other.
    #[expect(clippy::disallowed_methods, reason = "every program is started here")]
    pub fn command(&self, environment: &ChildEnvironment) -> Command {
        let mut command = Command::new(&self.path);
        command.env_clear().envs(environment.iter());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, &self.name);
        command
    }

    /// Whether the shell of Windows runs it, which takes no argument with a line break.
    pub fn is_batch(&self) -> bool {
        let ending = self.path.extension();
        cfg!(windows)
            && ending.is_some_and(|ending| {
                ["bat", "cmd"]
                    .iter()
                    .any(|batch| ending.eq_ignore_ascii_case(batch))
            })
    }
}

/// The programs whose names begin with `beginning`, in the directories of `PATH`.
pub fn names<'v>(
    beginning: &str,
    variables: impl Fn(&'static str) -> Option<&'v OsStr>,
) -> Vec<String> {
    let search = variables(names::PATH).unwrap_or_default();
    // An empty entry is the working directory, whose programs `./` names more clearly.
    let folders = env::split_paths(search).filter(|folder| !folder.as_os_str().is_empty());
    let entries = folders.flat_map(|folder| folder.read_dir().into_iter().flatten().flatten());
    let named = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let is_meant = name.starts_with(beginning) && system::is_runnable(&entry.path());
        is_meant.then_some(name)
    });
    named.collect()
}

/// The words of a command line that a user wrote into a variable or a setting; none if a quote stays open.
pub fn words(line: &str) -> Option<Vec<String>> {
    system::words(line)
}

fn is_here<'v>(name: &OsStr, variables: &impl Fn(&'static str) -> Option<&'v OsStr>) -> bool {
    // A name with a separator would have been found.
    if name.is_empty() || Path::new(name).components().count() != 1 {
        return false;
    }
    let here = Path::new(".").join(name);
    let mut candidates = system::candidates(here.as_os_str(), variables).into_iter();
    candidates.any(|path| path.exists() && system::is_runnable(&path))
}
