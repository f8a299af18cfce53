//! What one value of a field looks like (protocol.md 10.1).

use serde::Deserialize;

use crate::vault::uid;

/// The form of a value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ValueShape {
    /// A text, perhaps of a certain pattern.
    Text {
        /// What the template says about it.
        #[serde(default)]
        hint: Option<String>,
        /// What it has to look like.
        #[serde(default)]
        pattern: Option<Pattern>,
    },
    /// A day or moment: milliseconds since 1970, UTC.
    Date {
        /// What the template says about it.
        #[serde(default)]
        hint: Option<String>,
    },
    /// True or false.
    Flag {
        /// What the template says about it.
        #[serde(default)]
        hint: Option<String>,
    },
    /// A whole number.
    Number {
        /// What the template says about it.
        #[serde(default)]
        hint: Option<String>,
    },
    /// A list of anything.
    List {
        /// What the template says about it.
        #[serde(default)]
        hint: Option<String>,
    },
    /// One of these words.
    Choice {
        /// As they are stored.
        choices: Vec<String>,
    },
    /// An object with these members, each of which may be missing.
    Object {
        /// In the order of templates.
        members: Vec<ObjectMember>,
    },
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ObjectMember {
    /// The name.
    pub name: String,
    /// The form of its value.
    #[serde(flatten)]
    pub shape: ValueShape,
}

/// What a text has to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pattern {
    /// The UID of a record or file.
    Uid,
    /// A URI of one-time codes.
    Otpauth,
    /// A month, as `MM/YYYY`.
    Month,
}

impl Pattern {
    /// Whether `text` looks like that.
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Uid => uid::is_uid(text),
            Self::Otpauth => text
                .get(..10)
                .is_some_and(|start| start.eq_ignore_ascii_case("otpauth://")),
            Self::Month => text.split_once('/').is_some_and(|(month, year)| {
                let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                (month.len(), year.len()) == (2, 4) && digits(month) && digits(year)
            }),
        }
    }

    /// What it looks like, in words.
    pub fn wanted(self) -> &'static str {
        match self {
            Self::Uid => "a UID of 22 letters, digits, `-` and `_`",
            Self::Otpauth => "a URI that starts with otpauth://",
            Self::Month => "a month as MM/YYYY",
        }
    }
}
