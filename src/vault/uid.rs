//! Names the vault gives to things: opaque texts, 22 characters of U64 when a client made them (protocol 1).

use std::borrow::Borrow;
use std::fmt;

use crate::codec;
use crate::crypto::{Error, random};
use crate::foreign::Text;

/// Length of a UID in characters.
const LENGTH: usize = 22;
/// Attempts at a UID that does not begin with `-` or `_`.
const DRAWS: usize = 8;

/// A UID that no record has, to be asked for where no secret shall come along.
pub(super) const NO_RECORD: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// Whether `text` is 16 bytes in U64. It is never looked up as a title, unless it was said to be one (D30).
pub fn is_uid(text: &str) -> bool {
    // Two bits of the last character stand for nothing and are zero.
    has_form(text) && text.ends_with(['A', 'Q', 'g', 'w'])
}

/// Whether `text` is as long as a UID and of the same characters.
pub fn has_form(text: &str) -> bool {
    text.len() == LENGTH
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A new UID that begins with a letter or digit, so that no command line takes it for an option.
pub fn generate() -> Result<String, Error> {
    generate_from(random::bytes)
}

/// [`generate`] with its draws made by `draw`.
pub fn generate_from(mut draw: impl FnMut() -> Result<[u8; 16], Error>) -> Result<String, Error> {
    let starts_badly = |bytes: &[u8; 16]| bytes.first().is_some_and(|byte| byte & 0xf8 == 0xf8);
    let mut bytes = draw()?;
    for _ in 1..DRAWS {
        if !starts_badly(&bytes) {
            break;
        }
        bytes = draw()?;
    }
    if starts_badly(&bytes)
        && let Some(first) = bytes.first_mut()
    {
        *first &= 0x7f;
    }
    Ok(codec::encode_url(&bytes))
}

macro_rules! uid {
    ($name:ident) => {
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        // For messages: the server and the user may call things as they like.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Text::from(&self.0).fmt(f)
            }
        }
    };
}

uid!(RecordUid);
uid!(FolderUid);
uid!(FileUid);
