//! Finds references in an environment and in arguments, and puts values in their place: once, and whole (security.md
//! E3 and E4).

use std::ffi::{OsStr, OsString};

use super::environment::Environment;
use super::launch::Launch;
use super::place::Place;
use crate::sensitive::Sensitive;
use crate::vault::notation::{self, Notation, Value, parse};

/// Why a program cannot get what it was to get. Names places, never values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum SubstituteError {
    #[error("{place}: {error}")]
    Malformed { place: Place, error: parse::Error },
    #[error("{place}: the notation is not valid UTF-8")]
    NotText { place: Place },
    /// One line for each place.
    #[error("{}", lines(.0))]
    Unresolved(Vec<(Place, notation::Error)>),
    #[error("{place}: the value contains a NUL byte, which cannot be passed to a program")]
    Nul { place: Place },
    #[error("{place}: the value is not valid Unicode, which cannot be passed to a program here")]
    NotUnicode { place: Place },
}

fn lines(unresolved: &[(Place, notation::Error)]) -> String {
    let lines = unresolved
        .iter()
        .map(|(place, error)| format!("{place}: {error}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// References and where they stand; the notations apart, so that they are asked for together.
#[derive(Debug, Default)]
pub struct References {
    sites: Vec<Site>,
    notations: Vec<Notation>,
}

#[derive(Debug)]
struct Site {
    place: Place,
    /// The part of an argument that stays.
    before: String,
}

impl References {
    /// Every variable whose value starts with `keeper://`, in any case.
    pub fn in_environment(&mut self, environment: &Environment) -> Result<(), SubstituteError> {
        for (name, value) in environment.iter() {
            if claim(value) == Some(0) {
                self.read(Place::Variable(name.to_owned()), value, 0)?;
            }
        }
        Ok(())
    }

    /// In every argument, all from the first `keeper://`, in any case, to its end.
    pub fn in_arguments(&mut self, arguments: &[OsString]) -> Result<(), SubstituteError> {
        for (place, argument) in arguments.iter().enumerate() {
            if let Some(start) = claim(argument) {
                self.read(Place::Argument(place), argument, start)?;
            }
        }
        Ok(())
    }

    /// Whether a secret is to become an argument, which others on this machine can see.
    pub fn any_in_arguments(&self) -> bool {
        let in_arguments = |site: &Site| matches!(site.place, Place::Argument(_));
        self.sites.iter().any(in_arguments)
    }

    /// What the vault is to be asked.
    pub fn notations(&self) -> &[Notation] {
        &self.notations
    }

    /// Puts `answers`, which are in the order of [`Self::notations`], in the places of the references. If one of them
    /// is missing or cannot be passed on exactly, `launch` is not to be run.
    pub fn put_into(
        self,
        launch: &mut Launch,
        answers: Vec<Result<Value, notation::Error>>,
    ) -> Result<(), SubstituteError> {
        let mut unresolved = Vec::new();
        for (site, answer) in self.sites.into_iter().zip(answers) {
            match answer {
                Ok(value) => site.put(value, launch)?,
                Err(error) => unresolved.push((site.place, error)),
            }
        }
        if unresolved.is_empty() {
            Ok(())
        } else {
            Err(SubstituteError::Unresolved(unresolved))
        }
    }

    fn read(&mut self, place: Place, text: &OsStr, start: usize) -> Result<(), SubstituteError> {
        let Some((before, notation)) = text.to_str().and_then(|text| text.split_at_checked(start))
        else {
            return Err(SubstituteError::NotText { place });
        };
        match Notation::parse(notation) {
            Ok(notation) => {
                self.notations.push(notation);
                self.sites.push(Site {
                    place,
                    before: before.to_owned(),
                });
                Ok(())
            }
            Err(error) => Err(SubstituteError::Malformed { place, error }),
        }
    }
}

impl Site {
    fn put(self, value: Value, launch: &mut Launch) -> Result<(), SubstituteError> {
        let value = value.into_bytes();
        if value.expose().contains(&0) {
            return Err(SubstituteError::Nul { place: self.place });
        }
        let Some(value) = os_string(&value) else {
            return Err(SubstituteError::NotUnicode { place: self.place });
        };
        match self.place {
            Place::Variable(name) => launch.environment.set(name, value),
            Place::Argument(place) => {
                if let Some(argument) = launch.arguments.get_mut(place) {
                    *argument = self.before.into();
                    argument.push(value);
                }
            }
        }
        Ok(())
    }
}

/// Where in `text` a notation begins.
fn claim(text: &OsStr) -> Option<usize> {
    let prefix = notation::PREFIX.as_bytes();
    text.as_encoded_bytes()
        .windows(prefix.len())
        .position(|window| window.eq_ignore_ascii_case(prefix))
}

#[cfg(unix)]
fn os_string(bytes: &Sensitive<Vec<u8>>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes.expose().clone()))
}

#[cfg(not(unix))]
fn os_string(bytes: &Sensitive<Vec<u8>>) -> Option<OsString> {
    String::from_utf8(bytes.expose().clone())
        .ok()
        .map(OsString::from)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::exec::{OwnConfig, Program};
    use serde_json::json;

    fn launch(variables: &[(&str, &str)], arguments: &[&str]) -> Launch {
        let variables = variables
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        Launch {
            program: Program {
                name: "p".into(),
                path: "/p".into(),
            },
            arguments: arguments.iter().map(OsString::from).collect(),
            environment: Environment::inherited(variables, OwnConfig::Withheld),
        }
    }

    fn text(value: &str) -> Value {
        Value::from(json!(value))
    }

    #[test]
    fn values_stand_where_their_references_stood() {
        let mut launch = launch(
            &[
                ("A", "keeper://U/field/a"),
                ("B", "KEEPER://U/field/b"),
                ("C", "keeperABC"),
                ("D", "see keeper://U/field/d"),
                ("KSM_TOKEN", "keeper://never"),
            ],
            &["x", "a=Keeper://My DB/field/My Label", "keeper:/"],
        );
        let mut references = References::default();
        references.in_environment(&launch.environment).unwrap();
        references.in_arguments(&launch.arguments).unwrap();
        let notations = ["U/field/a", "U/field/b", "My DB/field/My Label"];
        assert_eq!(
            references.notations(),
            notations.map(|text| Notation::parse(text).unwrap())
        );

        // A value that looks like a reference, and one that looks like a command, are just text.
        let answers = vec![
            Ok(text("keeper://U/field/b")),
            Ok(Value::Null),
            Ok(text("$(id) 'canary'")),
        ];
        references.put_into(&mut launch, answers).unwrap();
        for (name, value) in [
            ("A", "keeper://U/field/b"),
            ("B", ""),
            ("C", "keeperABC"),
            ("D", "see keeper://U/field/d"),
        ] {
            assert_eq!(
                launch.environment.get(name),
                Some(OsStr::new(value)),
                "{name}"
            );
        }
        assert_eq!(launch.arguments, ["x", "a=$(id) 'canary'", "keeper:/"]);
    }

    #[test]
    fn what_claims_to_be_a_notation_must_be_one() {
        let cases = [
            ("keeper://", parse::Error::MissingSection),
            (
                "keeper://U/fields/login",
                parse::Error::ExtraCharacters { at: 19 },
            ),
            ("Keeper://U/password", parse::Error::BadSelector),
        ];
        for (value, error) in cases {
            let launch = launch(&[("NAME", value)], &[]);
            let place = Place::Variable("NAME".into());
            assert_eq!(
                References::default().in_environment(&launch.environment),
                Err(SubstituteError::Malformed { place, error }),
                "{value}"
            );
        }
    }

    #[test]
    fn every_missing_answer_is_named_and_nothing_is_shown() {
        let mut launch = launch(
            &[
                ("A", "keeper://U/field/a"),
                ("B", "keeper://U/field/b"),
                ("C", "keeper://U/field/c"),
            ],
            &[],
        );
        let mut references = References::default();
        references.in_environment(&launch.environment).unwrap();
        let missing = |property: &str| {
            Err(notation::Error::PropertyNotFound {
                property: property.to_owned(),
            })
        };
        let answers = vec![missing("a"), Ok(text("canary")), missing("c")];
        let error = references.put_into(&mut launch, answers).unwrap_err();
        assert_eq!(
            error.to_string(),
            "variable `A`: Cannot find the dictionary key a in the value\n\
             variable `C`: Cannot find the dictionary key c in the value"
        );
    }

    #[test]
    fn values_that_would_be_cut_are_refused() {
        let mut launch = launch(&[], &["keeper://U/file/f"]);
        let mut references = References::default();
        references.in_arguments(&launch.arguments).unwrap();
        let content = Value::Bytes(b"canary\0".to_vec().into());
        assert_eq!(
            references.put_into(&mut launch, vec![Ok(content)]),
            Err(SubstituteError::Nul {
                place: Place::Argument(0)
            })
        );
    }
}
