//! An error and its causes as one sentence.

use std::error::Error;

/// Joins the messages by `: `. A cause that the message before it already repeats is not said twice.
pub fn joined(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let text = source.to_string();
        if !said.ends_with(&text) {
            said.push_str(": ");
            said.push_str(&text);
        }
        next = source.source();
    }
    said
}
