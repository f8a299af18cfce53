//! A file attached to a record (protocol 9.4).

use serde_json::Number;

use super::error::Error;
use super::keys::{FileKey, RecordKey};
use super::uid::FileUid;
use crate::buffer::Buffer;
use crate::codec;
use crate::json::{self, Exact};
use crate::sensitive::Sensitive;
use crate::wire::object::object;
use crate::wire::reply;

/// The name comes from the vault and is not to be trusted as a path.
#[derive(Debug, Clone)]
pub struct Attachment {
    uid: FileUid,
    metadata: Metadata,
    url: Option<Sensitive<String>>,
    key: FileKey,
}

object! {
    #[derive(Debug)]
    Metadata {
        name: String = "name",
        title: String = "title",
        kind: Option<String> = "type",
        size: Option<Exact> = "size",
        last_modified: Option<Exact> = "lastModified",
    }
}

impl Attachment {
    /// Opens an attachment of the record that `key` belongs to.
    pub fn open(wire: &reply::File<'_>, key: &RecordKey) -> Result<Self, Error> {
        let key = FileKey::unwrap(key, &codec::decode(&wire.file_key)?)?;
        let plain = key.open(codec::decode(&wire.data)?)?;
        let metadata = json::object(plain.expose())
            .map_err(|error| Error::malformed("an attachment", &error))?;
        let url = Some(&*wire.url).filter(|url| !url.is_empty());
        Ok(Self {
            uid: (&*wire.file_uid).into(),
            metadata,
            url: url.map(|url| url.to_owned().into()),
            key,
        })
    }

    pub fn uid(&self) -> &FileUid {
        &self.uid
    }

    /// The name of the file that was uploaded.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    pub fn title(&self) -> &str {
        &self.metadata.title
    }

    /// The MIME type.
    pub fn kind(&self) -> Option<&str> {
        self.metadata.kind.as_deref()
    }

    /// Bytes of content.
    pub fn size(&self) -> Option<u64> {
        self.metadata.size.as_ref()?.0.as_u64()
    }

    /// In milliseconds since 1970; other clients also write fractions.
    pub fn last_modified(&self) -> Option<&Number> {
        self.metadata.last_modified.as_ref()?.0.as_number()
    }

    /// The link to the encrypted content, good for a while; none until the server has the content.
    pub(super) fn url(&self) -> Option<&str> {
        self.url.as_ref().map(|url| url.expose().as_str())
    }

    pub fn open_content(&self, content: Buffer) -> Result<Sensitive<Buffer>, Error> {
        let damaged = |source| Error::DamagedContent {
            uid: self.uid.clone(),
            source,
        };
        self.key.open_content(content).map_err(damaged)
    }

    /// Opens content from the storage, which has to be as long as the metadata says.
    pub(super) fn open_download(&self, content: Buffer) -> Result<Sensitive<Buffer>, Error> {
        let content = self.open_content(content)?;
        let length = content.expose().len() as u64;
        match self.size() {
            Some(size) if size != length => Err(Error::Size {
                uid: self.uid.clone(),
                size,
                length,
            }),
            _ => Ok(content),
        }
    }
}
