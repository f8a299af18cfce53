//! Writes a value so that a shell or a dotenv reader reads it back as it was (O6).

use crate::quoting::{self, Dotenv};

/// Tells nothing of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransformError {
    #[error("`{0}` takes text only, and the value is not valid UTF-8")]
    NotText(&'static str),
    #[error("`{0}` cannot write a value that contains a NUL byte")]
    Nul(&'static str),
    #[error(
        "`dotenv` cannot write a value that contains `${{`, which some readers expand however it is quoted"
    )]
    Expandable,
}

/// A word of any POSIX shell, in single quotes.
pub(super) fn shell(value: &[u8]) -> Result<Vec<u8>, TransformError> {
    if value.contains(&0) {
        return Err(TransformError::Nul("shell"));
    }
    let mut word = Vec::with_capacity(value.len() + 8);
    quoting::shell(value, &mut word);
    Ok(word)
}

/// A value of a dotenv file, as python-dotenv reads it.
pub(super) fn dotenv(value: &str) -> Result<String, TransformError> {
    if value.contains('\0') {
        return Err(TransformError::Nul("dotenv"));
    }
    // Expanded by python-dotenv between quotes of either kind.
    if value.contains("${") {
        return Err(TransformError::Expandable);
    }
    Ok(match quoting::dotenv(value) {
        Dotenv::ForAll(quoted) | Dotenv::ForPython(quoted) => quoted,
    })
}
