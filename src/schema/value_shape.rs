//! The form of one value of a field (protocol 10.1).

use serde::Deserialize;

use crate::vault::uid;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ValueShape {
    Text {
        #[serde(default)]
        pattern: Option<Pattern>,
    },
    /// Milliseconds since 1970, UTC.
    Date,
    Flag,
    Number,
    List,
    Choice {
        choices: Vec<String>,
    },
    /// Each member may be missing.
    Object {
        members: Vec<ObjectMember>,
    },
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ObjectMember {
    pub name: String,
    #[serde(default)]
    pub hint: Option<String>,
    #[serde(flatten)]
    pub shape: ValueShape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pattern {
    Uid,
    Otpauth,
    Month,
}

impl Pattern {
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Uid => uid::has_form(text),
            Self::Otpauth => text
                .get(..10)
                .is_some_and(|start| start.eq_ignore_ascii_case("otpauth://")),
            Self::Month => text.split_once('/').is_some_and(|(month, year)| {
                let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                (month.len(), year.len()) == (2, 4) && digits(month) && digits(year)
            }),
        }
    }

    pub fn wanted(self) -> &'static str {
        match self {
            Self::Uid => "a UID of 22 letters, digits, `-` and `_`",
            Self::Otpauth => "a URI that starts with otpauth://",
            Self::Month => "a month as MM/YYYY",
        }
    }
}
