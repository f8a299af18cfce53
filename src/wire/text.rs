//! Borrowed texts of an answer, so that an answer of many megabytes is in memory once.

use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::sensitive::Sensitive;

/// A text within an answer, copied only if the answer spells it with escapes. Of a large vault there are sixty thousand, so
/// the rare kind lies elsewhere.
#[derive(Clone)]
pub enum AnswerText<'a> {
    Plain(&'a str),
    Unescaped(Box<Sensitive<String>>),
}

impl Default for AnswerText<'_> {
    fn default() -> Self {
        Self::Plain("")
    }
}

impl Deref for AnswerText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Unescaped(text) => text.expose(),
        }
    }
}

impl<'a> From<&'a str> for AnswerText<'a> {
    fn from(text: &'a str) -> Self {
        Self::Plain(text)
    }
}

impl From<String> for AnswerText<'_> {
    fn from(text: String) -> Self {
        Self::Unescaped(Box::new(text.into()))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for AnswerText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = AnswerText<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(text.into())
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.to_owned().into())
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(Text)
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
            assert_eq!(size_of_val(&read), size_of::<&str>());
            assert_eq!(matches!(read, AnswerText::Unescaped(_)), copied, "{json}");
        }
    }
}
