//! Bringing the content of a new attachment to where the server said (protocol.md 8.6).

use std::time::Instant;

use serde_json::{Map, Value, json};

use super::Error;
use super::client::Notice;
use super::keys::FileKey;
use crate::crypto;
use crate::crypto::aead::Unsealed;
use crate::http::{self, Http, MultipartForm};
use crate::wire::event::{Attempt, Event};
use crate::wire::reply;

/// What is to be attached to a record.
#[derive(Debug)]
pub struct NewFile {
    /// The name it is to have as a file.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its MIME type.
    pub kind: String,
    /// When it was changed, in milliseconds since 1970.
    pub last_modified: u64,
    /// Its content.
    pub content: Unsealed,
}

/// The same under a key of its own. Made before anybody is asked: what is large takes a while, in which a connection
/// that waits would be given up by the other side.
#[derive(Debug)]
pub struct SealedFile {
    pub(super) key: FileKey,
    pub(super) metadata: Vec<u8>,
    pub(super) content: Vec<u8>,
}

impl NewFile {
    /// Seals it in place.
    pub fn seal(self) -> Result<SealedFile, Error> {
        let metadata = json!({
            "name": self.name,
            "title": self.title,
            "type": self.kind,
            "size": self.content.length(),
            "lastModified": self.last_modified,
        });
        let key = FileKey::generate()?;
        Ok(SealedFile {
            metadata: key.seal(metadata.to_string().as_bytes())?,
            content: key.seal_content(self.content)?,
            key,
        })
    }
}

/// Why the content did not arrive, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The server's directions cannot be followed.
    #[error("the server's directions for the upload cannot be read")]
    Directions,
    /// Our own side of the cryptography failed.
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    /// It failed on the way.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// The storage did not take it.
    #[error("the storage answered with status {0}")]
    Status(u16),
}

impl UploadError {
    /// Whether the storage may have the content all the same.
    pub fn may_have_acted(&self) -> bool {
        match self {
            Self::Directions | Self::Crypto(_) | Self::Status(_) => false,
            Self::Http(error) => error.may_have_acted(),
        }
    }
}

/// Posts `content` as `directions` say. It is a write, so it is not repeated.
pub(super) async fn send(
    http: &Http,
    listener: &dyn Fn(Notice),
    directions: &reply::Upload,
    content: Vec<u8>,
) -> Result<(), UploadError> {
    let form = MultipartForm::new(&texts(&directions.parameters)?, content)?;
    let progress = |progress| listener(Notice::Progress(progress));
    let begun = Instant::now();
    let outcome = http.post_form(&directions.url, form, &progress).await;
    listener(Notice::Session(Event::Attempt(Attempt {
        endpoint: "upload",
        host: http::host_of(&directions.url),
        number: 1,
        end: match &outcome {
            Ok(answer) => Ok(answer.status),
            Err(error) => Err(error.to_string()),
        },
        took: begun.elapsed(),
    })));
    let status = outcome?.status;
    let stored = match directions.success_status_code {
        Some(expected) => status == expected,
        None => (200..300).contains(&status),
    };
    if stored {
        Ok(())
    } else {
        Err(UploadError::Status(status))
    }
}

/// The parts of the form in the server's order.
fn texts(parameters: &str) -> Result<Vec<(String, String)>, UploadError> {
    let members: Map<String, Value> = match parameters {
        "" => Map::new(),
        text => serde_json::from_str(text).map_err(|_| UploadError::Directions)?,
    };
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(members
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_keep_their_order() {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let read = texts(r#"{"key":"a","policy":"b","Content-Type":"","expires":17}"#).unwrap();
        let expected = [
            pair("key", "a"),
            pair("policy", "b"),
            pair("Content-Type", ""),
            pair("expires", "17"),
        ];
        assert_eq!(read, expected);
        assert!(texts("").unwrap().is_empty());
        for text in ["[]", "canary", "{"] {
            assert!(texts(text).is_err(), "{text}");
        }
    }
}
