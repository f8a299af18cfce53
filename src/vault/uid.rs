//! The vault's identifiers: opaque text, 22 characters of base64url when a client made it (protocol.md 1).

use std::fmt;

use crate::codec;
use crate::crypto::{Error, random};

macro_rules! uid {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// As it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// A new one, drawn so that it does not start with `-` or `_`.
            pub fn generate() -> Result<Self, Error> {
                generate().map(Self)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

uid!(
    /// Names a record.
    RecordUid
);
uid!(
    /// Names a folder.
    FolderUid
);
uid!(
    /// Names an attachment.
    FileUid
);

impl RecordUid {
    /// Whether `text` has the form of a UID, rather than of a title.
    pub fn is_uid(text: &str) -> bool {
        text.len() == 22
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    }
}

fn generate() -> Result<String, Error> {
    let mut bytes = random::bytes::<16>()?;
    bytes[0] &= 0x7f;
    Ok(codec::encode_url(&bytes))
}
