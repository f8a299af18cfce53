//! Finds references in an environment and in arguments, and puts values in their place: once, and whole (security.md
//! E3 and E4).

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::assignment::Form;
use super::environment::Environment;
use super::files::{self, Files};
use super::launch::Launch;
use super::place::Place;
use crate::sensitive::Sensitive;
use crate::vault::notation::{self, Notation, Value, parse};

/// Why a program cannot get what it was to get. Names places, never values.
#[derive(Debug, thiserror::Error)]
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
    #[error("{place}")]
    File {
        place: Place,
        #[source]
        error: files::Error,
    },
}

fn lines(unresolved: &[(Place, notation::Error)]) -> String {
    let lines = unresolved
        .iter()
        .map(|(place, error)| format!("{place}: {error}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Where a value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Into the variable of this name.
    Variable(OsString, Form),
    /// Into an argument, counted from 0, behind the part of it that stays.
    Argument(usize, String),
    /// Into a new file.
    File(PathBuf),
}

impl Destination {
    /// How it is called in messages.
    pub fn place(&self) -> Place {
        match self {
            Self::Variable(name, _) => Place::Variable(name.clone()),
            Self::Argument(place, _) => Place::Argument(*place),
            Self::File(path) => Place::File(path.clone()),
        }
    }

    /// Whether the bytes of the value itself become part of an environment or an argument.
    fn is_text(&self) -> bool {
        matches!(self, Self::Variable(_, Form::Value) | Self::Argument(_, _))
    }
}

/// References and where their values go; the notations apart, so that they are asked for together.
#[derive(Debug, Default)]
pub struct References {
    destinations: Vec<Destination>,
    notations: Vec<Notation>,
}

impl References {
    /// Every variable whose value starts with `keeper://`, in any case.
    pub fn in_environment(&mut self, environment: &Environment) -> Result<(), SubstituteError> {
        for (name, value) in environment.iter() {
            if claim(value) == Some(0) {
                let place = Place::Variable(name.to_owned());
                let (_, notation) = read(place, value, 0)?;
                self.add(
                    Destination::Variable(name.to_owned(), Form::Value),
                    notation,
                );
            }
        }
        Ok(())
    }

    /// In every argument, all from the first `keeper://`, in any case, to its end.
    pub fn in_arguments(&mut self, arguments: &[OsString]) -> Result<(), SubstituteError> {
        for (place, argument) in arguments.iter().enumerate() {
            if let Some(start) = claim(argument) {
                let (before, notation) = read(Place::Argument(place), argument, start)?;
                self.add(Destination::Argument(place, before), notation);
            }
        }
        Ok(())
    }

    /// One that the user named.
    pub fn add(&mut self, destination: Destination, notation: Notation) {
        self.destinations.push(destination);
        self.notations.push(notation);
    }

    /// Whether a secret is to become an argument, which others on this machine can see.
    pub fn any_in_arguments(&self) -> bool {
        let is_argument = |to: &Destination| matches!(to, Destination::Argument(_, _));
        self.destinations.iter().any(is_argument)
    }

    /// What the vault is to be asked.
    pub fn notations(&self) -> &[Notation] {
        &self.notations
    }

    /// Where the answers go, in the order of [`Self::notations`].
    pub fn destinations(&self) -> &[Destination] {
        &self.destinations
    }

    /// The same as messages name them.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.destinations.iter().map(Destination::place)
    }

    /// Puts `answers`, which are in the order of [`Self::notations`], where they are to go. If one of them is missing
    /// or cannot be passed on exactly, nothing is written to `files` and `launch` is not to be run.
    pub fn put_into(
        self,
        launch: &mut Launch,
        files: &mut Files,
        answers: Vec<Result<Value, notation::Error>>,
    ) -> Result<(), SubstituteError> {
        let mut unresolved = Vec::new();
        let mut values = Vec::with_capacity(answers.len());
        for (destination, answer) in self.destinations.into_iter().zip(answers) {
            match answer {
                Ok(value) => values.push((destination, value.into_bytes())),
                Err(error) => unresolved.push((destination.place(), error)),
            }
        }
        if !unresolved.is_empty() {
            return Err(SubstituteError::Unresolved(unresolved));
        }
        for (destination, value) in &values {
            if destination.is_text() && value.expose().contains(&0) {
                let place = destination.place();
                return Err(SubstituteError::Nul { place });
            }
        }
        values
            .into_iter()
            .try_for_each(|(destination, value)| put(destination, &value, launch, files))
    }
}

fn read(place: Place, text: &OsStr, start: usize) -> Result<(String, Notation), SubstituteError> {
    let Some((before, notation)) = text.to_str().and_then(|text| text.split_at_checked(start))
    else {
        return Err(SubstituteError::NotText { place });
    };
    match Notation::parse(notation) {
        Ok(notation) => Ok((before.to_owned(), notation)),
        Err(error) => Err(SubstituteError::Malformed { place, error }),
    }
}

fn put(
    destination: Destination,
    value: &Sensitive<Vec<u8>>,
    launch: &mut Launch,
    files: &mut Files,
) -> Result<(), SubstituteError> {
    let place = destination.place();
    let in_file = |error| SubstituteError::File {
        place: place.clone(),
        error,
    };
    match destination {
        Destination::Variable(name, form) => {
            let content = value.expose();
            let value = match form {
                Form::Value => text(value, &place)?,
                Form::File => files.put_in_private(content).map_err(in_file)?.into(),
                Form::Memory => files.put_in_memory(content).map_err(in_file)?.into(),
            };
            launch.environment.set(name, value);
        }
        Destination::Argument(at, before) => {
            let value = text(value, &place)?;
            if let Some(argument) = launch.arguments.get_mut(at) {
                *argument = before.into();
                argument.push(value);
            }
        }
        Destination::File(path) => files.put_at(&path, value.expose()).map_err(in_file)?,
    }
    Ok(())
}

fn text(value: &Sensitive<Vec<u8>>, place: &Place) -> Result<OsString, SubstituteError> {
    os_string(value).ok_or_else(|| SubstituteError::NotUnicode {
        place: place.clone(),
    })
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
mod tests;
