//! Names the parts of what a program gets, for messages that must not show them.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

/// A part of what a program gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// The variable of this name.
    Variable(OsString),
    /// An argument of the program, counted from 0.
    Argument(usize),
    /// The file at this path.
    File(PathBuf),
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "variable `{}`", name.display()),
            Self::Argument(slot) => write!(f, "argument {}", slot + 1),
            Self::File(path) => write!(f, "file {}", path.display()),
        }
    }
}
