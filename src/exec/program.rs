//! Finds the program to start, as a shell would: before anything is fetched for it.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

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
    NotFound { name: OsString },
    /// Exit code 126.
    #[error("{} cannot be run: it is no executable file", .path.display())]
    NotExecutable { path: PathBuf },
}

impl Program {
    /// Looks `name` up in `search`, the value of `PATH`; a name with a separator in it is the path itself.
    pub fn find(name: &OsStr, search: Option<&OsStr>) -> Result<Self, ProgramError> {
        let existing: Vec<PathBuf> = candidates(name, search)
            .into_iter()
            .flat_map(with_extensions)
            .filter(|path| path.exists())
            .collect();
        let name = name.to_owned();
        match existing.iter().find(|path| is_runnable(path)) {
            Some(path) => Ok(Self {
                name,
                path: path.clone(),
            }),
            None => Err(match existing.into_iter().next() {
                Some(path) => ProgramError::NotExecutable { path },
                None => ProgramError::NotFound { name },
            }),
        }
    }

    /// Whether it may be a script: shells look for a NUL in the first line, as every binary has.
    #[cfg(target_os = "linux")]
    pub(super) fn is_text(&self) -> bool {
        use std::io::Read;

        let mut start = [0; 128];
        let file = crate::input::open(&self.path);
        let length = file.and_then(|mut file| file.read(&mut start));
        let first_line = start.iter().take_while(|byte| **byte != b'\n');
        length.is_ok_and(|length| !first_line.take(length).any(|byte| *byte == 0))
    }
}

fn candidates(name: &OsStr, search: Option<&OsStr>) -> Vec<PathBuf> {
    if name.is_empty() {
        return Vec::new();
    }
    if name.to_string_lossy().contains(std::path::is_separator) {
        return vec![PathBuf::from(name)];
    }
    // The C library searches these without a PATH.
    let search = search.unwrap_or(OsStr::new("/bin:/usr/bin"));
    // An empty entry of `PATH` is the current directory.
    env::split_paths(search)
        .map(|folder| Path::new(".").join(folder).join(name))
        .collect()
}

#[cfg(unix)]
fn with_extensions(path: PathBuf) -> [PathBuf; 1] {
    [path]
}

// Programs are named without their extension.
#[cfg(not(unix))]
fn with_extensions(path: PathBuf) -> Vec<PathBuf> {
    let with_extension = |extension: &str| {
        let mut name = path.clone().into_os_string();
        name.push(extension);
        PathBuf::from(name)
    };
    let extended = [".com", ".exe", ".bat", ".cmd"].map(with_extension);
    [path].into_iter().chain(extended).collect()
}

#[cfg(unix)]
fn is_runnable(path: &Path) -> bool {
    path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn is_runnable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn finds_what_a_shell_would() {
        let home = tempfile::tempdir().unwrap();
        let [first, second] = ["first", "second"].map(|folder| home.path().join(folder));
        for (folder, name, mode) in [
            (&first, "both", 0o644),
            (&second, "both", 0o755),
            (&first, "plain", 0o644),
            (&second, "tool", 0o755),
        ] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join(name), "").unwrap();
            fs::set_permissions(folder.join(name), Permissions::from_mode(mode)).unwrap();
        }
        fs::create_dir(second.join("folder")).unwrap();
        let search = env::join_paths([&first, &second]).unwrap();
        let find = |name: &OsStr| Program::find(name, Some(&search)).map(|found| found.path);
        let not_found = |name: &str| Err(ProgramError::NotFound { name: name.into() });
        let not_executable = |path: PathBuf| Err(ProgramError::NotExecutable { path });

        assert_eq!(find(OsStr::new("tool")), Ok(second.join("tool")));
        assert_eq!(find(OsStr::new("both")), Ok(second.join("both")));
        assert_eq!(
            find(OsStr::new("plain")),
            not_executable(first.join("plain"))
        );
        assert_eq!(
            find(OsStr::new("folder")),
            not_executable(second.join("folder"))
        );
        assert_eq!(find(OsStr::new("none")), not_found("none"));
        assert_eq!(find(OsStr::new("")), not_found(""));
        assert_eq!(find(OsStr::new("./tool")), not_found("./tool"));
        let direct = second.join("tool");
        assert_eq!(find(direct.as_os_str()), Ok(direct.clone()));
        assert!(Program::find(OsStr::new("sh"), None).is_ok());
    }
}
