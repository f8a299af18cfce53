//! The text of an error and its causes.

use std::error::Error;

use crate::foreign;

/// Joins the messages by `: `, leaving out a cause that the message before it already repeats. Line ends within them
/// are escaped, since messages repeat names and texts of others.
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
    foreign::line(&said).into_owned()
}
