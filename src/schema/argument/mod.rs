//! Fields on a command line, as the official CLI cuts them.
//!
//! ```text
//! of a new record        [f.|c.]TYPE[LABEL][.KEY]=VALUE    `\` escapes in a label
//! of a record there is   NAME=VALUE                        NAME is LABEL, TYPE or TYPE[LABEL], without escapes
//! ```

mod existing_field;
mod new_field;

pub use existing_field::{added, cut, cut_unseen, is_called};
pub use new_field::FieldPath;

use super::UnknownType;

/// Text that may be a value is not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Something other than `f.` or `c.` in front.
    #[error("Field section can only be 'f' or 'c'. The value '{0}' is not valid.")]
    Section(char),
    #[error("Cannot find the field type name.")]
    NoType,
    #[error(transparent)]
    Unknown(#[from] UnknownType),
    /// A `[` without its `]`.
    #[error("Could not find the end of the label.")]
    OpenLabel,
    /// A key for a type whose values are no objects.
    #[error("The field type '{kind}' does not have value keys. Cannot set the value key {key}.")]
    NoKeys { kind: String, key: String },
    #[error("The field type '{kind}' does not have the value key '{key}'.")]
    Key {
        kind: String,
        key: String,
        suggestion: Option<String>,
    },
    #[error("the {0} stands there twice")]
    Twice(&'static str),
    /// Something else than a label, a key or `=`.
    #[error("behind the field type stand `[LABEL]`, `.KEY` and then `=VALUE`")]
    Form,
    #[error("a value is given as NAME=VALUE")]
    NoName,
}
