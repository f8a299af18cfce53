//! The content of attachments on its way from and to the storage that the server names (protocol 8.6, 9.4).

use std::io::{self, Read};
use std::time::Instant;

use serde_json::{Map, Value, json};
use tokio::time::sleep;

use super::attachment::Attachment;
use super::error::{Error, UploadError};
use super::keys::FileKey;
use super::notice::Notice;
use super::reader::Reader;
use super::uid::{self, FileUid, RecordUid};
use crate::buffer::Buffer;
use crate::crypto::aead::Unsealed;
use crate::http::{self, Answer, Http, MultipartForm};
use crate::json;
use crate::limits::{self, Limit};
use crate::sensitive::Sensitive;
use crate::wire::event::{Attempt, Event};
use crate::wire::payload::Effect;
use crate::wire::reply;
use crate::wire::retry::History;
use crate::wire::session::jitter;

impl Reader {
    /// Downloads an attachment of `record`. A link that has run out is replaced once.
    pub async fn download(
        &self,
        record: &RecordUid,
        file: &Attachment,
    ) -> Result<Sensitive<Buffer>, Error> {
        let session = self.session()?;
        let mut download = Download {
            http: &session.http,
            origin: &session.host.url(""),
            listener: &*self.listener,
            history: History::default(),
            number: 0,
        };
        let mut answer = download.fetch(file).await?;
        if answer.status == 403 {
            let fresh = match self.newest(record).await {
                Err(Error::Select(_)) => None, // the storage's refusal says more
                fresh => Some(fresh?),
            };
            let mut files = fresh.iter().flat_map(|record| record.files());
            if let Some(file) = files.find(|fresh| fresh.uid() == file.uid()) {
                answer = download.fetch(file).await?;
            }
        }
        match answer.status {
            200 => file.open_download(answer.body),
            status => Err(Error::Download {
                uid: file.uid().clone(),
                status,
            }),
        }
    }
}

struct Download<'a> {
    http: &'a Http,
    /// The address of the vault.
    origin: &'a str,
    listener: &'a dyn Fn(Notice),
    history: History,
    /// Attempts so far.
    number: u32,
}

impl Download<'_> {
    /// Gives the storage's answer. Lost answers are repeated as for any other read (D19), except silence: it is the one
    /// limit that a transfer has (D18).
    async fn fetch(&mut self, file: &Attachment) -> Result<Answer, Error> {
        let url = file
            .url()
            .ok_or_else(|| Error::NotUploaded(file.uid().clone()))?;
        let limit = file.size().unwrap_or_default();
        let limit = limit.saturating_add(Limit::SURPRISE.bytes());
        let progress = |progress| (self.listener)(Notice::Progress(progress));
        loop {
            self.number += 1;
            let begun = Instant::now();
            let outcome = self.http.get(url, self.origin, limit, &progress).await;
            notify(self.listener, "download", url, self.number, &outcome, begun);
            let lost = match &outcome {
                Ok(answer) => answer.status == 429 || answer.status >= 500,
                Err(error) => error.may_pass() && !matches!(error, http::Error::Silence { .. }),
            };
            let pause = match lost {
                true => self.history.after_loss(Effect::Read, jitter()?),
                false => None,
            };
            let Some(pause) = pause else {
                return Ok(outcome?);
            };
            (self.listener)(Notice::Session(Event::Repeated(pause)));
            sleep(pause).await;
        }
    }
}

#[derive(Debug, Clone)]
pub struct FileMetadata {
    pub name: String,
    pub title: String,
    /// The MIME type.
    pub kind: String,
    /// In milliseconds since 1970.
    pub last_modified: u64,
}

/// A file to be attached to a record.
#[derive(Debug)]
pub struct NewFile {
    pub metadata: FileMetadata,
    content: Unsealed,
}

/// A file under a key of its own. Sealing comes before the first request: for a large file it takes so long that a waiting
/// connection would be closed.
#[derive(Debug)]
pub struct SealedFile {
    pub(super) uid: FileUid,
    pub(super) key: FileKey,
    pub(super) metadata: Vec<u8>,
    pub(super) content: Buffer,
}

impl NewFile {
    /// Reads the content into the memory where it will be sealed; `expected` bytes are reserved.
    pub fn read(metadata: FileMetadata, content: impl Read, expected: u64) -> io::Result<Self> {
        let mut unsealed = Unsealed::with_room(expected).ok_or_else(|| {
            let what = format!("there is no memory for {}", limits::in_words(expected));
            io::Error::new(io::ErrorKind::OutOfMemory, what)
        })?;
        unsealed.read_from(content)?;
        Ok(Self {
            metadata,
            content: unsealed,
        })
    }

    /// Bytes of content.
    pub fn size(&self) -> u64 {
        self.content.length()
    }

    pub fn seal(self) -> Result<SealedFile, Error> {
        let metadata = json!({
            "name": self.metadata.name,
            "title": self.metadata.title,
            "type": self.metadata.kind,
            "size": self.size(),
            "lastModified": self.metadata.last_modified,
        });
        let key = FileKey::generate()?;
        Ok(SealedFile {
            uid: FileUid::from(uid::generate()?),
            metadata: key.seal(metadata.to_string().as_bytes())?,
            content: key.seal_content(self.content)?,
            key,
        })
    }
}

impl SealedFile {
    /// The UID it will have as an attachment.
    pub fn uid(&self) -> &FileUid {
        &self.uid
    }
}

/// Posts `content` as `directions` say. As a write, it is not repeated.
pub(super) async fn send(
    http: &Http,
    origin: &str,
    listener: &dyn Fn(Notice),
    directions: &reply::Upload,
    content: Buffer,
) -> Result<(), UploadError> {
    let form = MultipartForm::new(&texts(directions.parameters.expose())?, content)?;
    let progress = |progress| listener(Notice::Progress(progress));
    let begun = Instant::now();
    let outcome = http.post_form(directions.url.expose(), origin, form, &progress);
    let outcome = outcome.await;
    notify(
        listener,
        "upload",
        directions.url.expose(),
        1,
        &outcome,
        begun,
    );
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

fn notify(
    listener: &dyn Fn(Notice),
    endpoint: &'static str,
    url: &str,
    number: u32,
    outcome: &Result<Answer, http::Error>,
    begun: Instant,
) {
    listener(Notice::Session(Event::Attempt(Attempt {
        endpoint,
        host: http::host_of(url),
        number,
        end: match outcome {
            Ok(answer) => Ok(answer.status),
            Err(error) => Err(error.to_string()),
        },
        took: begun.elapsed(),
    })));
}

/// The parts of the form, in the server's order.
fn texts(parameters: &str) -> Result<Vec<(String, Sensitive<String>)>, UploadError> {
    let members = match parameters {
        "" => Map::new(),
        text => json::members(text.as_bytes()).map_err(|_| UploadError::Directions)?,
    };
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(members
        .into_iter()
        .map(|(name, value)| (name, text(value).into()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_keep_their_order() {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned().into());
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
