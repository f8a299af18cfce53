//! A part of a record, such as one that is damaged.

use std::fmt;

use crate::foreign::Text;

/// A part of a record, told as the record's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Member(&'static str),
    /// By its name.
    Field(String),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(name) => write!(f, "its {name}"),
            Self::Field(name) => write!(f, "its field `{}`", Text::from(name)),
        }
    }
}
