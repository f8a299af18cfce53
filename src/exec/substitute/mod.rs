//! Finds references in an environment and in arguments, and puts values in their place, all or none (E3, E4).

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::assignment::PassAs;
use super::files::{self, Files};
use super::launch::{Launch, ProgramInput};
use crate::buffer::Buffer;
use crate::environment::ChildEnvironment;
use crate::sensitive::Sensitive;
use crate::vault::notation::{self, Notation, ParseError, Value};

/// Names inputs, never values.
#[derive(Debug, thiserror::Error)]
pub enum SubstituteError {
    #[error("{input}: {error}")]
    Malformed {
        input: ProgramInput,
        error: ParseError,
    },
    #[error("{input}: the notation is not valid UTF-8")]
    NotText { input: ProgramInput },
    #[error("{}", list(.0))]
    Unresolved(Vec<(ProgramInput, notation::Error)>),
    #[error("{input}: the value contains a NUL byte, which cannot be passed to a program")]
    Nul { input: ProgramInput },
    #[error("{input}: the value is not valid Unicode, which cannot be passed to a program here")]
    NotUnicode { input: ProgramInput },
    #[error("{input}")]
    File {
        input: ProgramInput,
        #[source]
        error: files::Error,
    },
}

fn list(unresolved: &[(ProgramInput, notation::Error)]) -> String {
    let each = unresolved
        .iter()
        .map(|(input, error)| format!("{input}: {error}"));
    each.collect::<Vec<_>>().join("; ")
}

/// The place of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    Variable(OsString, PassAs),
    /// The index of an argument, and the part of it before the value.
    Argument(usize, String),
    /// A new file.
    File(PathBuf),
}

impl Destination {
    pub fn input(&self) -> ProgramInput {
        match self {
            Self::Variable(name, _) => ProgramInput::Variable(name.clone()),
            Self::Argument(input, _) => ProgramInput::Argument(*input),
            Self::File(path) => ProgramInput::File(path.clone()),
        }
    }

    /// Whether the value itself becomes part of an environment or an argument.
    fn is_text(&self) -> bool {
        matches!(
            self,
            Self::Variable(_, PassAs::Value) | Self::Argument(_, _)
        )
    }
}

/// A value, and its place.
pub type Placed = (Destination, Sensitive<Buffer>);

/// The notations are kept apart, to be asked for together.
#[derive(Debug, Default)]
pub struct References {
    destinations: Vec<Destination>,
    notations: Vec<Notation>,
}

impl References {
    /// Adds every variable whose value starts with `keeper://`, in any case.
    pub fn in_environment(
        &mut self,
        environment: &ChildEnvironment,
    ) -> Result<(), SubstituteError> {
        for (name, value) in environment.iter() {
            if is_reference(value) {
                let input = ProgramInput::Variable(name.to_owned());
                let (_, notation) = read(input, value, 0)?;
                self.add(
                    Destination::Variable(name.to_owned(), PassAs::Value),
                    notation,
                );
            }
        }
        Ok(())
    }

    /// Adds from every argument the part from the first `keeper://`, in any case, to the end.
    pub fn in_arguments(&mut self, arguments: &[OsString]) -> Result<(), SubstituteError> {
        for (input, argument) in arguments.iter().enumerate() {
            if let Some(start) = claim(argument) {
                let (before, notation) = read(ProgramInput::Argument(input), argument, start)?;
                self.add(Destination::Argument(input, before), notation);
            }
        }
        Ok(())
    }

    pub fn add(&mut self, destination: Destination, notation: Notation) {
        self.destinations.push(destination);
        self.notations.push(notation);
    }

    pub fn any_in_arguments(&self) -> bool {
        let is_argument = |to: &Destination| matches!(to, Destination::Argument(_, _));
        self.destinations.iter().any(is_argument)
    }

    pub fn notations(&self) -> &[Notation] {
        &self.notations
    }

    /// In the order of [`Self::notations`].
    pub fn destinations(&self) -> &[Destination] {
        &self.destinations
    }

    pub fn inputs(&self) -> impl Iterator<Item = ProgramInput> {
        self.destinations.iter().map(Destination::input)
    }

    /// `answers` are in the order of [`Self::notations`]. If one is missing or cannot be passed on exactly, nothing is
    /// written to `files`, and `launch` must not run.
    pub fn put_into(
        self,
        launch: &mut Launch,
        files: &mut Files,
        answers: Vec<Result<Value, notation::Error>>,
    ) -> Result<(), SubstituteError> {
        let values = self.values(answers)?;
        for (destination, value) in &values {
            if destination.is_text() && value.expose().contains(&0) {
                let input = destination.input();
                return Err(SubstituteError::Nul { input });
            }
        }
        values
            .into_iter()
            .try_for_each(|(destination, value)| put(destination, &value, launch, files))
    }

    /// The value for each destination. `answers` are in the order of [`Self::notations`]; one that is missing is an error.
    pub fn values(
        self,
        answers: impl IntoIterator<Item = Result<Value, notation::Error>>,
    ) -> Result<Vec<Placed>, SubstituteError> {
        let mut unresolved = Vec::new();
        let mut values = Vec::with_capacity(self.destinations.len());
        for (destination, answer) in self.destinations.into_iter().zip(answers) {
            match answer {
                Ok(value) => values.push((destination, value.into_bytes())),
                Err(error) => unresolved.push((destination.input(), error)),
            }
        }
        match unresolved.is_empty() {
            true => Ok(values),
            false => Err(SubstituteError::Unresolved(unresolved)),
        }
    }
}

fn read(
    input: ProgramInput,
    text: &OsStr,
    start: usize,
) -> Result<(String, Notation), SubstituteError> {
    let Some((before, notation)) = text.to_str().and_then(|text| text.split_at_checked(start))
    else {
        return Err(SubstituteError::NotText { input });
    };
    match Notation::parse(notation) {
        Ok(notation) => Ok((before.to_owned(), notation)),
        Err(error) => Err(SubstituteError::Malformed { input, error }),
    }
}

fn put(
    destination: Destination,
    value: &Sensitive<Buffer>,
    launch: &mut Launch,
    files: &mut Files,
) -> Result<(), SubstituteError> {
    let input = destination.input();
    let in_file = |error| SubstituteError::File {
        input: input.clone(),
        error,
    };
    match destination {
        Destination::Variable(name, form) => {
            let content = value.expose();
            let value = match form {
                PassAs::Value => text(value, &input)?,
                PassAs::File => files.put_in_private(content).map_err(in_file)?.into(),
                PassAs::MemoryFile => files.put_in_memory(content).map_err(in_file)?.into(),
            };
            launch.environment.set(name, value);
        }
        Destination::Argument(at, before) => {
            let value = text(value, &input)?;
            if let Some(argument) = launch.arguments.get_mut(at) {
                *argument = before.into();
                argument.push(value);
            }
        }
        Destination::File(path) => files.put_at(&path, value.expose()).map_err(in_file)?,
    }
    Ok(())
}

fn text(value: &Sensitive<Buffer>, input: &ProgramInput) -> Result<OsString, SubstituteError> {
    os_string(value).ok_or_else(|| SubstituteError::NotUnicode {
        input: input.clone(),
    })
}

/// Whether a variable of this value counts as a reference.
pub(super) fn is_reference(value: &OsStr) -> bool {
    claim(value) == Some(0)
}

/// The index of a notation's prefix.
fn claim(text: &OsStr) -> Option<usize> {
    let prefix = notation::PREFIX.as_bytes();
    text.as_encoded_bytes()
        .windows(prefix.len())
        .position(|window| window.eq_ignore_ascii_case(prefix))
}

#[cfg(unix)]
fn os_string(bytes: &Sensitive<Buffer>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes.expose().to_vec()))
}

#[cfg(not(unix))]
fn os_string(bytes: &Sensitive<Buffer>) -> Option<OsString> {
    String::from_utf8(bytes.expose().to_vec())
        .ok()
        .map(OsString::from)
}

#[cfg(test)]
mod tests;
