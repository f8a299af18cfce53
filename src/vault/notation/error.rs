//! Texts that are no notation, and notations that have no value.

use crate::foreign::Text;
use crate::vault::error::candidates;
use crate::vault::part::Part;
use crate::vault::section::FieldSection;
use crate::vault::{Kind, SelectError};

/// Positions count characters of the plain form from 1, the prefix included. Nothing of a text without prefix is quoted:
/// what stands in a notation's place may be a secret. `meant` is the notation to write instead, of a text with prefix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("Keeper notation is empty.")]
    Empty,
    #[error(
        "Invalid format of Keeper notation - plaintext URI or URL safe base64 string expected."
    )]
    NotBase64,
    #[error(
        "Keeper notation is invalid - the backslash at character {at} must stand before one of / [ ] \\."
    )]
    BadEscape { at: usize },
    #[error("Keeper notation is invalid - `[` inside an index, at character {at}.")]
    IndexNestedBracket { at: usize },
    #[error("Keeper notation is invalid - the index at character {at} is not closed by `]`.")]
    IndexNotClosed { at: usize },
    #[error("Keeper notation is invalid - an index must start with `[`, at character {at}.")]
    IndexMustStartWithBracket { at: usize },
    #[error(
        "Keeper notation URI missing information about the uid, file, field type, or field key."
    )]
    MissingSection { meant: Option<String> },
    #[error(
        "Keeper notation is invalid - extra characters after last section, from character {at}."
    )]
    ExtraCharacters { at: usize },
    /// In the words of [`Self::ExtraCharacters`], which the official clients have for it.
    #[error(
        "Keeper notation is invalid - extra characters after last section, from character {at}."
    )]
    NearlySelector {
        at: usize,
        meant: &'static str,
        /// What was meant as a whole, of a text with prefix.
        whole: Option<String>,
    },
    /// Likewise, where a folder stands in front of the record.
    #[error(
        "Keeper notation is invalid - extra characters after last section, from character {at}."
    )]
    InFolder { at: usize },
    #[error(
        "Keeper notation is invalid - bad selector, must be one of (type, title, notes, field, custom_field, file)."
    )]
    BadSelector { meant: Option<String> },
    #[error("Keeper notation is invalid - the name of the field or file is missing.")]
    MissingParameter { meant: Option<String> },
    #[error("Keeper notation is invalid - a file takes no index.")]
    FileIndex,
    #[error("Keeper notation is invalid - the second index is blank and so is the first.")]
    PropertyNeedsIndex,
    #[error("Keeper notation is invalid - the second index is blank.")]
    SecondIndexBlank,
    #[error("Keeper notation is invalid - the second index must be a name, not a number.")]
    SecondIndexNumeric,
    #[error("Keeper notation is invalid - it does not begin with keeper://.")]
    BadPrefix,
    #[error("the UID or title of the record is empty")]
    NoRecord,
    /// `record` is a notation that ends there.
    #[error("the notation names a part of a record, and the whole record is meant here")]
    PartOfRecord { record: String },
}

/// Names come from the notation or are UIDs; values are never shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// `record` is the notation's.
    #[error("{}", selecting(.record, .error))]
    Select { record: String, error: SelectError },
    #[error("Cannot find {} field '{}'", .section.word(), Text::from(.field))]
    FieldNotFound {
        section: FieldSection,
        field: String,
        advice: String,
    },
    #[error("record {} is damaged: {part} has no value that JSON knows", Text::from(.record))]
    Damaged { record: String, part: Part },
    #[error("The value at index {index} does not exist for '{}'.", Text::from(.field))]
    IndexOutOfRange {
        index: usize,
        field: String,
        advice: String,
    },
    #[error("Cannot find the dictionary key {} in the value", Text::from(.property))]
    PropertyNotFound { property: String, advice: String },
}

impl Error {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Select { error, .. } => error.kind(),
            Self::Damaged { .. } => Kind::Damaged,
            Self::FieldNotFound { .. }
            | Self::IndexOutOfRange { .. }
            | Self::PropertyNotFound { .. } => Kind::Missing,
        }
    }

    /// Whether the record itself is not there.
    pub fn is_without_record(&self) -> bool {
        let Self::Select { error, .. } = self else {
            return false;
        };
        matches!(
            error,
            SelectError::NoRecord { .. } | SelectError::NoneOfRecords { .. }
        )
    }

    /// What to write instead, and what there is. Names no value.
    pub fn advice(&self) -> Option<String> {
        match self {
            Self::Select { error, .. } => match error {
                SelectError::SeveralRecords { .. } => {
                    Some("name the record by its UID instead".to_owned())
                }
                SelectError::SeveralFiles { .. } => {
                    Some("name the file by its UID instead".to_owned())
                }
                error => error.advice(),
            },
            Self::Damaged { .. } => None,
            Self::FieldNotFound { advice, .. }
            | Self::IndexOutOfRange { advice, .. }
            | Self::PropertyNotFound { advice, .. } => Some(advice.clone()),
        }
    }

    /// The message with its advice, as one sentence.
    pub fn advised(&self) -> String {
        match self.advice() {
            Some(advice) => format!("{self}; {advice}"),
            None => self.to_string(),
        }
    }

    /// See [`SelectError::doubting`].
    pub fn doubting(self) -> Self {
        match self {
            Self::Select { record, error } => Self::Select {
                record,
                error: error.doubting(),
            },
            other => other,
        }
    }
}

/// The official clients' words, where they have some.
fn selecting(record: &str, error: &SelectError) -> String {
    use SelectError as E;
    let record = Text::from(record);
    match error {
        E::NoRecord { .. } | E::NoneOfRecords { .. } => {
            format!("Notation error - no records match record UID/Title: '{record}'")
        }
        E::SeveralRecords { found, .. } => format!(
            "Notation error - multiple records match record UID/Title: '{record}' ({})",
            candidates(found)
        ),
        E::NoFile {
            has_others: false, ..
        } => format!("Notation error - Record {record} has no file attachments."),
        E::NoFile { name, .. } => format!(
            "Notation error - Record {record} has no files matching the search criteria '{}'",
            Text::from(name)
        ),
        E::SeveralFiles { name, uids, .. } => format!(
            "Notation error - Record {record} has multiple files matching the search criteria '{}' ({})",
            Text::from(name),
            list(uids)
        ),
        E::DamagedRecord(broken) => {
            format!(
                "record {} cannot be opened: {}",
                Text::from(&broken.uid),
                broken.reason
            )
        }
        E::DamagedFile(broken) => {
            format!(
                "file {} cannot be opened: {}",
                Text::from(&broken.uid),
                broken.reason
            )
        }
        E::NoFolder { .. } | E::SeveralFolders { .. } | E::DamagedFolder(_) => error.to_string(),
    }
}

fn list(uids: &[impl ToString]) -> String {
    let uids: Vec<_> = uids.iter().map(ToString::to_string).collect();
    uids.join(", ")
}
