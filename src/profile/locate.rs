//! Where `keeper.ini` lies (cli-reference.md 2.2), and where a new one goes (decision D12).

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::gitignore;
use super::place::is_same_file;
use super::surroundings::Surroundings;
use crate::environment::names;
use crate::private_file::Policy;

/// The file's usual name.
const NAME: &str = "keeper.ini";

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Absolute, or as the user wrote it.
    pub path: PathBuf,
    /// How strictly it is read: one that `KSM_INI_DIR` names is vouched for.
    pub policy: Policy,
}

impl Surroundings<'_> {
    /// How a store at `path` is read that no option names.
    pub fn policy_of(&self, path: &Path) -> Policy {
        if self.in_ini_dir().is_some_and(|named| named == path) {
            self.named()
        } else {
            self.policy(Policy::Found)
        }
    }

    /// Where an INI file is looked for, in order, and how it would be read.
    pub fn candidates(&self) -> Vec<Located> {
        let name = self.file_name();
        // The plain name in the working directory goes before everything, also before `KSM_INI_DIR`.
        let here = self
            .environment
            .directory()
            .map(|here| (here.join(NAME), Policy::Found));
        let directories = self.directories().into_iter();
        let named = directories.map(|(directory, policy)| (directory.join(&name), policy));
        let mut found: Vec<Located> = Vec::new();
        for (path, policy) in here.into_iter().chain(named) {
            if !found.iter().any(|known| known.path == path) {
                let policy = self.policy(policy);
                found.push(Located { path, policy });
            }
        }
        found
    }

    /// The first directory called `name` beside which an INI file would be looked for.
    pub fn find_directory(&self, name: &str) -> Option<PathBuf> {
        let directories = self.directories().into_iter();
        let mut candidates = directories.map(|(directory, _)| directory.join(name));
        candidates.find(|path| path.is_dir())
    }

    /// The directories that are searched, in order, and how a file in them is read.
    fn directories(&self) -> Vec<(PathBuf, Policy)> {
        let home = |below: &str| {
            self.environment
                .path(names::HOME)
                .map(|home| home.join(below))
        };
        let mut found = Vec::new();
        let mut add = |directory: Option<PathBuf>, policy| {
            found.extend(directory.map(|directory| (directory, policy)));
        };
        add(self.environment.path(names::KSM_INI_DIR), Policy::Named);
        add(
            self.environment.directory().map(Path::to_owned),
            Policy::Found,
        );
        add(self.environment.path(names::HOME), Policy::Found);
        add(home(".config/ksm"), Policy::Found);
        add(home(".keeper"), Policy::Found);
        for system in ["/etc", "/etc/ksm", "/etc/keeper"] {
            add(Some(system.into()), Policy::Found);
        }
        for (variable, below) in [
            (names::USERPROFILE, ""),
            (names::APPDATA, "Keeper"),
            (names::PROGRAMDATA, "Keeper"),
            (names::PROGRAMFILES, "Keeper"),
        ] {
            let directory = self
                .environment
                .path(variable)
                .map(|directory| directory.join(below));
            add(directory, Policy::Found);
        }
        found
    }

    /// The first of the candidates that is there.
    pub fn find(&self) -> Option<Located> {
        let mut found = self.candidates().into_iter().find(|at| at.path.is_file())?;
        // One file by two names: that `KSM_INI_DIR` names it counts.
        if self
            .in_ini_dir()
            .is_some_and(|named| is_same_file(&named, &found.path))
        {
            found.policy = self.named();
        }
        Some(found)
    }

    /// The official warning, if a file in the working directory hides the one `KSM_INI_DIR` means.
    pub fn conflict(&self, found: &Located) -> Option<String> {
        let named = self.in_ini_dir()?;
        let hidden = self
            .environment
            .directory()
            .map(|here| here.join(NAME))
            .as_ref()
            == Some(&found.path)
            && named.is_file()
            && !is_same_file(&named, &found.path)
            && !self
                .environment
                .flag(names::KSM_INI_DIR_SKIP_CONFLICT_WARNING);
        let directory = self.environment.nonempty(names::KSM_INI_DIR)?;
        hidden.then(|| {
            format!(
                "KSM_INI_DIR is set to '{}' but a keeper.ini in the current directory was loaded instead.\n  \
                 Loaded: {}\n  \
                 KSM_INI_DIR location: {named}\n  \
                 To load the KSM_INI_DIR location: ksm --ini-file \"{named}\" <command>\n  \
                 To suppress this warning: set KSM_INI_DIR_SKIP_CONFLICT_WARNING=TRUE",
                directory.display(),
                found.path.display(),
                named = named.display(),
            )
        })
    }

    /// Where a new store goes when no file is named.
    pub fn new_store(&self) -> Option<PathBuf> {
        let elsewhere = if cfg!(target_os = "linux") {
            self.environment.directory().map(Path::to_owned)
        } else {
            self.environment
                .path(names::HOME)
                .or_else(|| self.environment.path(names::USERPROFILE))
        };
        self.in_ini_dir()
            .or_else(|| Some(elsewhere?.join(self.file_name())))
    }

    /// Where the start with `KSM_TOKEN` may put its store, best first.
    pub fn new_store_unattended(&self) -> Vec<PathBuf> {
        let name = self.file_name();
        if let Some(named) = self.in_ini_dir() {
            return vec![named];
        }
        let home = self.environment.path(names::HOME);
        [
            self.environment.directory().map(Path::to_owned),
            home.as_ref().map(|home| home.join(".config/ksm")),
            home,
        ]
        .into_iter()
        .flatten()
        .map(|directory| directory.join(&name))
        .collect()
    }

    /// The warning for a store that the next `git add` would pick up.
    pub fn git_warning(&self, store: &Path) -> Option<String> {
        gitignore::would_commit(store).map(|_| {
            format!(
                "{} lies in a git work tree that does not ignore it; it holds keys and must not be committed",
                store.display()
            )
        })
    }

    fn in_ini_dir(&self) -> Option<PathBuf> {
        Some(
            self.environment
                .path(names::KSM_INI_DIR)?
                .join(self.file_name()),
        )
    }

    fn file_name(&self) -> OsString {
        self.environment
            .nonempty(names::KSM_INI_FILE)
            .map_or_else(|| NAME.into(), ToOwned::to_owned)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::environment::Environment;

    fn paths(variables: &[(&str, &str)]) -> Vec<String> {
        let variables = variables.iter().copied();
        let around = Surroundings {
            environment: &variables.collect::<Environment>().in_directory("/here"),
            tell: |_| {},
        };
        let found = around.candidates().into_iter();
        found
            .map(|at| format!("{} {:?}", at.path.display(), at.policy))
            .collect()
    }

    #[test]
    fn places_are_searched_in_the_official_order() {
        let system = [
            "/etc/keeper.ini Found",
            "/etc/ksm/keeper.ini Found",
            "/etc/keeper/keeper.ini Found",
        ];
        let mut expected = vec!["/here/keeper.ini Found"];
        expected.extend(system);
        assert_eq!(paths(&[("HOME", "")]), expected);
        assert_eq!(
            paths(&[
                ("KSM_INI_FILE", "my.ini"),
                ("KSM_INI_DIR", "sub"),
                ("HOME", "/h"),
                ("APPDATA", "/a")
            ]),
            [
                "/here/keeper.ini Found",
                "/here/sub/my.ini Named",
                "/here/my.ini Found",
                "/h/my.ini Found",
                "/h/.config/ksm/my.ini Found",
                "/h/.keeper/my.ini Found",
                "/etc/my.ini Found",
                "/etc/ksm/my.ini Found",
                "/etc/keeper/my.ini Found",
                "/a/Keeper/my.ini Found",
            ]
        );
        assert_eq!(
            paths(&[("KSM_CONFIG_SKIP_MODE", "TRUE")]).first().unwrap(),
            "/here/keeper.ini Blind"
        );
    }

    #[test]
    fn a_store_in_the_working_directory_hides_the_named_one_with_a_warning() {
        let home = tempfile::tempdir().unwrap();
        let (here, other) = (home.path().join("here"), home.path().join("other"));
        for directory in [&here, &other] {
            std::fs::create_dir(directory).unwrap();
            std::fs::write(directory.join(NAME), "").unwrap();
        }
        for (ini_dir, warned) in [(&other, true), (&here, false)] {
            let environment = Environment::from_iter([("KSM_INI_DIR", ini_dir)]);
            let around = Surroundings {
                environment: &environment.in_directory(&here),
                tell: |_| {},
            };
            let found = around.find().unwrap();
            assert_eq!(found.path, here.join(NAME));
            assert_eq!(around.conflict(&found).is_some(), warned);
        }
    }

    #[test]
    fn a_container_without_home_still_has_a_place() {
        let around = Surroundings {
            environment: &Environment::default().in_directory("/"),
            tell: |_| {},
        };
        assert_eq!(around.new_store_unattended(), [Path::new("/keeper.ini")]);
    }
}
