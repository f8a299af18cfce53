//! The search of POSIX shells.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use crate::environment::names;

pub(super) fn candidates<'v>(
    name: &OsStr,
    variables: &impl Fn(&'static str) -> Option<&'v OsStr>,
) -> Vec<PathBuf> {
    if name.is_empty() {
        return Vec::new();
    }
    if name.as_encoded_bytes().contains(&b'/') {
        return vec![PathBuf::from(name)];
    }
    // The C library searches these without a PATH.
    let search = variables(names::PATH).unwrap_or(OsStr::new("/bin:/usr/bin"));
    // An empty entry of `PATH` is the current directory.
    env::split_paths(search)
        .map(|folder| Path::new(".").join(folder).join(name))
        .collect()
}

pub(super) fn is_runnable(path: &Path) -> bool {
    path.is_file() && access(path, Access::EXEC_OK).is_ok()
}

pub(super) fn words(line: &str) -> Option<Vec<String>> {
    shlex::split(line)
}

#[cfg(test)]
mod tests {
    use super::super::{Program, ProgramError};
    use super::*;
    use std::ffi::OsString;
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
        let search: OsString = env::join_paths([&first, &second]).unwrap();
        let find = |name: &OsStr| {
            let found = Program::find(name, |_| Some(search.as_os_str()));
            found.map(|found| found.path)
        };
        let not_found = |name: &str| {
            Err(ProgramError::NotFound {
                name: name.into(),
                is_here: false,
            })
        };
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
        // Root can look into every directory, and no name is as long as this.
        let beyond = second.join("x".repeat(300));
        assert!(matches!(
            find(beyond.as_os_str()),
            Err(ProgramError::OutOfReach { .. })
        ));
        let direct = second.join("tool");
        assert_eq!(find(direct.as_os_str()), Ok(direct.clone()));
        assert!(Program::find(OsStr::new("sh"), |_| None).is_ok());
        let names = |beginning| super::super::names(beginning, |_| Some(search.as_os_str()));
        assert_eq!(names("bo"), ["both"]);
        let mut all = names("");
        all.sort_unstable();
        assert_eq!(all, ["both", "tool"]);
    }
}
