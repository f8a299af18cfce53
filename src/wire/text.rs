//! Borrowed texts of an answer, so that an answer of many megabytes is in memory once.

use std::borrow::Cow;
use std::ops::Deref;

use serde::Deserialize;

/// A text within an answer, copied only if the answer spells it with escapes.
#[derive(Clone, Default, Deserialize)]
pub struct AnswerText<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for AnswerText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for AnswerText<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_escaped_is_copied() {
        for (json, text, copied) in [
            (r#""plain é""#, "plain é", false),
            (r#""a\/b""#, "a/b", true),
        ] {
            let read: AnswerText<'_> = serde_json::from_str(json).unwrap();
            assert_eq!(&*read, text);
            assert_eq!(matches!(read.0, Cow::Owned(_)), copied, "{json}");
        }
    }
}
