//! From the app key to folder, record and file keys: which key opens which (protocol.md 9.1). A wrong key in the wrong
//! place does not compile.

use crate::crypto::aead::{self, Key};
use crate::crypto::{Error, cbc};
use crate::device::AppKey;
use crate::sensitive::Sensitive;

/// A key that wraps record keys.
pub trait Wrapping {
    /// The key itself.
    fn key(&self) -> &Key;
}

impl Wrapping for AppKey {
    fn key(&self) -> &Key {
        self.key()
    }
}

impl Wrapping for FolderKey {
    fn key(&self) -> &Key {
        &self.0
    }
}

/// A folder's key.
#[derive(Debug, Clone)]
pub struct FolderKey(Key);

impl FolderKey {
    /// Unwraps the key of a shared folder.
    pub fn unwrap_shared(app_key: &AppKey, wrapped: &[u8]) -> Result<Self, Error> {
        aead::open_key(app_key.key(), wrapped).map(Self)
    }

    /// Unwraps the key of a folder at any depth below this shared folder. A wrong result is possible: the protocol
    /// does not authenticate it.
    pub fn unwrap_descendant_unauthenticated(&self, wrapped: &[u8]) -> Result<Self, Error> {
        Key::from_bytes(cbc::open_unauthenticated(&self.0, wrapped)?.expose()).map(Self)
    }

    /// Opens the folder's own JSON, which is not authenticated either.
    pub fn open_unauthenticated(&self, data: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
        cbc::open_unauthenticated(&self.0, data)
    }
}

/// A record's key.
#[derive(Debug, Clone)]
pub struct RecordKey(Key);

impl RecordKey {
    /// Unwraps a record's key. An empty one means that the wrapping key itself is the record's (protocol.md 9.2).
    pub fn unwrap(by: &impl Wrapping, wrapped: &[u8]) -> Result<Self, Error> {
        if wrapped.is_empty() {
            return Ok(Self(by.key().clone()));
        }
        aead::open_key(by.key(), wrapped).map(Self)
    }

    /// Opens the record's JSON, or anything else under its key.
    pub fn open(&self, data: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
        aead::open(&self.0, data)
    }
}

/// An attachment's key.
#[derive(Debug, Clone)]
pub struct FileKey(Key);

impl FileKey {
    /// Unwraps the key of a file attached to the record with `by`.
    pub fn unwrap(by: &RecordKey, wrapped: &[u8]) -> Result<Self, Error> {
        aead::open_key(&by.0, wrapped).map(Self)
    }

    /// Opens the file's metadata.
    pub fn open(&self, data: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
        aead::open(&self.0, data)
    }

    /// Opens the file's content in place.
    pub fn open_content(&self, content: Vec<u8>) -> Result<Sensitive<Vec<u8>>, Error> {
        aead::open_owned(&self.0, content)
    }
}
