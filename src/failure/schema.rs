//! The exit codes and hints for errors of record types and values.

use ksm::document;
use ksm::password::GenerateError;
use ksm::schema::{FieldError, UnknownType, ValueError, argument, record_file};

use super::{Class, Classify, Code};

impl Classify for UnknownType {
    fn class(&self) -> Class {
        let (suggestion, list) = match self {
            Self::Field { suggestion, .. } => (suggestion, "field"),
            Self::Record { suggestion, .. } => (suggestion, "record"),
        };
        Code::Usage.hint(match suggestion {
            Some(suggestion) => meant(suggestion),
            None => format!("`ksm secret template {list} -l` lists the types"),
        })
    }
}

impl Classify for ValueError {
    fn class(&self) -> Class {
        Code::Usage.hint_if(self.suggestion.as_deref().map(meant))
    }
}

impl Classify for argument::Error {
    fn class(&self) -> Class {
        match self {
            Self::Unknown(error) => error.class(),
            Self::Key {
                kind, suggestion, ..
            } => Code::Usage.hint(match suggestion {
                Some(suggestion) => meant(suggestion),
                None => format!("`ksm secret template field {kind}` shows its value keys"),
            }),
            Self::NoType | Self::Section(_) | Self::Form => Code::Usage
                .hint("a field looks like login=VALUE, name.first=VALUE or c.text[My Label]=VALUE"),
            Self::OpenLabel => Code::Usage.hint("a `]` within a label is written `\\]`"),
            Self::NoKeys { .. } | Self::Twice(_) | Self::NoName => Code::Usage.into(),
        }
    }
}

impl Classify for FieldError {
    fn class(&self) -> Class {
        match self {
            Self::Unknown(error) => error.class(),
            Self::Value(error) => error.class(),
            Self::NoField { kind, there } if there.contains(kind) => {
                Code::Usage.hint(format!("`c.{kind}[LABEL]=…` adds a field of your own"))
            }
            Self::NoField { kind, there } => Code::Usage.hint(format!(
                "the record type has {}; `c.{kind}=…` adds a field of your own",
                there.join(", ")
            )),
            Self::NoLabel { there, .. } => {
                Code::Usage.hint(format!("there are: {}", there.join(", ")))
            }
        }
    }
}

/// A mistake in a file is no mistake of the command line, so it exits with 1.
impl Classify for record_file::Error {
    fn class(&self) -> Class {
        Code::Failed.hint_if(match self {
            Self::Missing(_) => {
                Some("`ksm secret template record TYPE` shows what such a file looks like".into())
            }
            Self::Member { suggestion, .. } => suggestion.as_deref().map(|name| meant(name).into()),
            Self::Twice(_) => None,
            Self::Unknown { source, .. } => source.class().hint,
            Self::Field { source, .. } => source.class().hint,
        })
    }
}

impl Classify for document::Error {
    fn class(&self) -> Class {
        Code::Usage.into()
    }
}

impl Classify for GenerateError {
    fn class(&self) -> Class {
        match self {
            Self::Random(error) => error.class(),
            Self::TooLong => Code::Usage.into(),
            Self::NoneLeft => Code::Failed.into(),
        }
    }
}

fn meant(suggestion: &str) -> String {
    format!("did you mean `{suggestion}`?")
}
