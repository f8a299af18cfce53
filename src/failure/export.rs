//! The exit codes and hints for variables that cannot be written.

use ksm::export::{ExportError, FieldError};

use super::{Class, Classify, Code};

impl Classify for ExportError {
    fn class(&self) -> Class {
        match self {
            Self::Unwritable { alternatives, .. } if alternatives.is_empty() => Code::Failed.into(),
            Self::Unwritable { alternatives, .. } => {
                let formats = alternatives.join(", ");
                Code::Failed.hint(format!("these formats can hold it: {formats}"))
            }
            Self::LargeSecret { .. } | Self::Random(_) => Code::Failed.into(),
        }
    }
}

impl Classify for FieldError {
    fn class(&self) -> Class {
        match self {
            Self::Nameless { .. } => Code::Failed.hint(BY_NAME),
            Self::Steering { .. } => Code::Failed
                .hint("`--prefix` makes another name of it; so does `NAME=NOTATION` for one field"),
            Self::Clash { .. } => Code::Missing.hint(BY_NAME),
        }
    }
}

const BY_NAME: &str =
    "name the variables you need, as `NAME=keeper://<UID or title>/field/<label or type>`";
