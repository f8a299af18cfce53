//! Collects a program's variables and files from the environment and the options; the later source wins (D20).

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
#[cfg(target_os = "linux")]
use std::path::Path;
use std::path::PathBuf;

use super::assignment::{Assignment, PassAs};
use super::dotenv::Variable;
use super::passed_over::PassedOver;
use super::substitute::{Destination, References, SubstituteError, is_reference};
use crate::environment::{ByName, ChildEnvironment, Environment, OwnConfig};
#[cfg(target_os = "linux")]
use crate::input;
#[cfg(target_os = "linux")]
use crate::limits::Limit;
use crate::vault::notation::Notation;

/// The variables before `-e` and `--env-file`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseEnvironment {
    /// Our environment without our credentials.
    Inherited,
    /// The variables of our environment that are references.
    References,
    Pristine,
}

/// The variables and files of a program, before the vault is asked.
#[derive(Debug)]
pub struct Sources {
    /// Notations in it still stand for their values.
    pub environment: ChildEnvironment,
    ours: ChildEnvironment,
    config: OwnConfig,
    assigned: ByName<(Notation, PassAs)>,
    files: Vec<(PathBuf, Notation)>,
    /// Names of ours that are to be handed on and are not set.
    unset: Vec<OsString>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Leaving the variable out silently would start the program without what the user asked for.
    #[error("`{}` is not handed on to programs", .name.display())]
    Withheld { name: OsString },
    #[error("a name or value contains a NUL byte, which cannot be passed to a program: variable `{}`", .name.escape_debug())]
    Nul { name: String },
    /// The program would see a shorter name and a longer value.
    #[error("the name of a variable cannot contain `=`: `{}`", .name.escape_debug())]
    EqualSign { name: String },
    #[error("{} is to be written twice", .path.display())]
    Twice { path: PathBuf },
}

impl Sources {
    pub fn new(ours: &Environment, start: BaseEnvironment, config: OwnConfig) -> Self {
        let ours = ours.for_child(config);
        let mut environment = ChildEnvironment::default();
        match start {
            BaseEnvironment::Inherited => {
                environment = ours.clone();
                environment.set_nameless(nameless_of_process());
            }
            BaseEnvironment::References => {
                let references = ours.iter().filter(|(_, value)| is_reference(value));
                references.for_each(|(name, value)| environment.set(name, value));
            }
            BaseEnvironment::Pristine => {}
        }
        Self {
            environment,
            ours,
            config,
            assigned: ByName::default(),
            files: Vec::new(),
            unset: Vec::new(),
        }
    }

    /// Adds the variables of an `--env-file`. Our credentials are left out, as they are of our environment.
    pub fn add_env_file(&mut self, variables: Vec<Variable>) -> Result<(), Error> {
        for Variable { name, value } in variables {
            let Some(value) = value.filter(|_| self.config.passes_on(name.as_ref())) else {
                continue;
            };
            if name.contains('\0') || value.expose().contains('\0') {
                return Err(Error::Nul { name });
            }
            if name.contains('=') {
                return Err(Error::EqualSign { name });
            }
            self.environment.set(name, value.expose());
        }
        Ok(())
    }

    pub fn assign(&mut self, assignment: Assignment) -> Result<(), Error> {
        match assignment {
            Assignment::Inherited(name) => {
                if !self.config.passes_on(&name) {
                    return Err(Error::Withheld { name });
                }
                if let Some(value) = self.ours.get(&name) {
                    self.assigned.remove(&name);
                    self.environment.set(name, value);
                } else {
                    self.unset.push(name);
                }
            }
            Assignment::Secret {
                name,
                notation,
                pass_as,
            } => {
                self.environment.remove(&name);
                self.assigned.set(name, (notation, pass_as));
            }
        }
        Ok(())
    }

    pub fn unset(&self) -> &[OsString] {
        &self.unset
    }

    pub fn add_file(&mut self, path: PathBuf, notation: Notation) {
        self.files.push((path, notation));
    }

    /// The paths of the files to write; one that is named twice is an error.
    pub fn paths(&self) -> Result<Vec<&PathBuf>, Error> {
        let mut seen = HashSet::new();
        let paths: Vec<_> = self.files.iter().map(|(path, _)| path).collect();
        match paths.iter().find(|path| !seen.insert(**path)) {
            Some(path) => Err(Error::Twice {
                path: path.to_path_buf(),
            }),
            None => Ok(paths),
        }
    }

    /// What the program is searched by: its own variable, or ours if it has none.
    pub fn search(&self, variable: &str) -> Option<&OsStr> {
        let own = self.environment.get(variable);
        own.or_else(|| self.ours.get(variable))
    }

    /// The variables that nearly are references, or have one within, and stay as they are.
    pub fn passed_over(&self) -> Vec<(OsString, PassedOver)> {
        let found = self.environment.iter().filter_map(|(name, value)| {
            let why = PassedOver::of(&value.to_string_lossy())?;
            Some((name.to_owned(), why))
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        found
    }

    pub fn references(&self) -> Result<References, SubstituteError> {
        let mut references = References::default();
        references.in_environment(&self.environment)?;
        for (name, (notation, pass_as)) in self.assigned.iter() {
            let destination = Destination::Variable(name.to_owned(), *pass_as);
            references.add(destination, notation.clone());
        }
        for (path, notation) in &self.files {
            references.add(Destination::File(path.clone()), notation.clone());
        }
        Ok(references)
    }
}

/// Entries of our environment without `=`. The standard library leaves them out.
#[cfg(target_os = "linux")]
fn nameless_of_process() -> Vec<OsString> {
    use std::os::unix::ffi::OsStrExt;
    let entries = input::file(Path::new("/proc/self/environ"), Limit::ENVIRONMENT);
    let Ok(entries) = entries else {
        return Vec::new();
    };
    let entries = entries.expose().split(|byte| *byte == 0);
    let nameless = entries.filter(|entry| !entry.is_empty() && !entry.contains(&b'='));
    nameless
        .map(|entry| OsStr::from_bytes(entry).to_owned())
        .collect()
}

#[cfg(not(target_os = "linux"))]
fn nameless_of_process() -> Vec<OsString> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::environment::names;
    use crate::exec::{ProgramInput, dotenv};

    fn sources(start: BaseEnvironment, env_file: &str, assignments: &[&str]) -> Sources {
        let ours = [
            ("HOME", "/home"),
            ("A", "ours"),
            ("KSM_CONFIG", "canary"),
            ("KSM_TOKEN", "canary"),
        ];
        let ours = Environment::from_iter(ours);
        let mut sources = Sources::new(&ours, start, OwnConfig::Withheld);
        sources
            .add_env_file(dotenv::parse(env_file).unwrap())
            .unwrap();
        for word in assignments {
            let assignment = Assignment::parse(word.as_ref()).unwrap();
            sources.assign(assignment).unwrap();
        }
        sources
    }

    fn shown(sources: &Sources) -> String {
        let plain = sources
            .environment
            .iter()
            .map(|(name, value)| format!("{}={} ", name.display(), value.display()));
        let references = sources.references().unwrap();
        let asked = references
            .inputs()
            .map(|input| format!("{input} "))
            .collect::<String>();
        plain.chain([asked]).collect()
    }

    #[test]
    fn later_wins() {
        use BaseEnvironment::{Inherited, Pristine};
        let cases: [(BaseEnvironment, &str, &[&str], &str); 9] = [
            (Inherited, "", &[], "A=ours HOME=/home "),
            (Pristine, "", &[], ""),
            (Inherited, "A=file", &[], "A=file HOME=/home "),
            (Inherited, "A=1\nA=2\nA", &[], "A=2 HOME=/home "),
            (Inherited, "A=file", &["A"], "A=ours HOME=/home "),
            (Pristine, "B=file", &["A", "C"], "A=ours B=file "),
            (Pristine, "A=file", &["A=U/type"], "variable `A` "),
            (Pristine, "", &["A=U/type", "A"], "A=ours "),
            (
                Pristine,
                "KSM_TOKEN=canary\nKSM_CONFIG=canary\nKSM_HOSTNAME=h",
                &["KSM_CONFIG=U/type"],
                "KSM_HOSTNAME=h variable `KSM_CONFIG` ",
            ),
        ];
        for (start, file, assignments, expected) in cases {
            let sources = sources(start, file, assignments);
            assert_eq!(shown(&sources), expected, "{file:?} {assignments:?}");
        }
    }

    #[test]
    fn a_program_is_searched_in_its_own_path_first() {
        use BaseEnvironment::Pristine;
        let ours = Environment::from_iter([("PATH", "/ours")]);
        let mut sources = Sources::new(&ours, Pristine, OwnConfig::Withheld);
        assert_eq!(sources.search(names::PATH), Some("/ours".as_ref()));
        let own = dotenv::parse("PATH=/own").unwrap();
        sources.add_env_file(own).unwrap();
        assert_eq!(sources.search(names::PATH), Some("/own".as_ref()));
    }

    #[test]
    fn withheld_invalid_and_doubled_names_are_refused() {
        let mut sources = sources(BaseEnvironment::Pristine, "", &[]);
        let name = OsString::from("KSM_TOKEN");
        assert_eq!(
            sources.assign(Assignment::Inherited(name.clone())),
            Err(Error::Withheld { name })
        );
        let nul = dotenv::parse("A=canary\0").unwrap();
        assert_eq!(
            sources.add_env_file(nul),
            Err(Error::Nul { name: "A".into() })
        );
        let equal_sign = dotenv::parse("'KSM_TOKEN=A'=canary").unwrap();
        assert_eq!(
            sources.add_env_file(equal_sign),
            Err(Error::EqualSign {
                name: "KSM_TOKEN=A".into()
            })
        );
        for path in ["f", "g"] {
            sources.add_file(path.into(), Notation::parse("U/type").unwrap());
        }
        assert_eq!(sources.paths().unwrap(), ["f", "g"].map(Path::new));
        sources.add_file("f".into(), Notation::parse("U/type").unwrap());
        assert!(sources.paths().is_err());
        let inputs: Vec<_> = sources.references().unwrap().inputs().collect();
        assert_eq!(inputs.first(), Some(&ProgramInput::File("f".into())));
    }
}
