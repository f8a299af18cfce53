//! The exit codes and hints for errors of record types and values.

use ksm::document;
use ksm::schema::{FieldError, UnknownType, ValueError, argument, record_file};
use ksm::vault::password::GenerateError;

use super::{Code, Failure};

impl From<UnknownType> for Failure {
    fn from(error: UnknownType) -> Self {
        let (suggestion, list) = match &error {
            UnknownType::Field { suggestion, .. } => (suggestion, "field"),
            UnknownType::Record { suggestion, .. } => (suggestion, "record"),
        };
        let hint = match suggestion {
            Some(suggestion) => meant(suggestion),
            None => format!("`ksm secret template {list} -l` lists the types"),
        };
        Self::usage(error).hint(hint)
    }
}

impl From<ValueError> for Failure {
    fn from(error: ValueError) -> Self {
        let hint = error.suggestion.as_deref().map(meant);
        Self::usage(error).hint_if(hint)
    }
}

impl From<argument::Error> for Failure {
    fn from(error: argument::Error) -> Self {
        use argument::Error as E;
        let hint = match error {
            E::Unknown(error) => return error.into(),
            E::Key {
                ref kind,
                ref suggestion,
                ..
            } => Some(match suggestion {
                Some(suggestion) => meant(suggestion),
                None => format!("`ksm secret template field {kind}` shows its value keys"),
            }),
            E::NoType | E::Section(_) | E::Form => Some(
                "a field looks like login=VALUE, name.first=VALUE or c.text[My Label]=VALUE".into(),
            ),
            E::OpenLabel => Some("a `]` within a label is written `\\]`".into()),
            E::NoKeys { .. } | E::Twice(_) | E::NoName => None,
        };
        Self::usage(error).hint_if(hint)
    }
}

impl From<FieldError> for Failure {
    fn from(error: FieldError) -> Self {
        use FieldError as E;
        let hint = match error {
            E::Unknown(error) => return error.into(),
            E::Value(error) => return error.into(),
            E::NoField {
                ref kind,
                ref there,
            } if there.contains(kind) => {
                format!("`c.{kind}[LABEL]=…` adds a field of your own")
            }
            E::NoField {
                ref kind,
                ref there,
            } => format!(
                "the record type has {}; `c.{kind}=…` adds a field of your own",
                there.join(", ")
            ),
            E::NoLabel { ref there, .. } => format!("there are: {}", there.join(", ")),
        };
        Self::usage(error).hint(hint)
    }
}

/// A mistake in a file is no mistake of the command line, so it exits with 1.
impl From<record_file::Error> for Failure {
    fn from(error: record_file::Error) -> Self {
        use record_file::Error as E;
        let hint = match &error {
            E::Missing(_) => {
                Some("`ksm secret template record TYPE` shows what such a file looks like".into())
            }
            E::Unknown { source, .. } => Self::from(source.clone()).hint,
            E::Field { source, .. } => Self::from(source.clone()).hint,
        };
        Self::new(Code::Failed, error).hint_if(hint)
    }
}

impl From<document::Error> for Failure {
    fn from(error: document::Error) -> Self {
        Self::usage(error)
    }
}

impl From<GenerateError> for Failure {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::Random(error) => error.into(),
            GenerateError::TooLong => Self::usage(error),
            GenerateError::NoneLeft => Self::new(Code::Failed, error),
        }
    }
}

fn meant(suggestion: &str) -> String {
    format!("did you mean `{suggestion}`?")
}
