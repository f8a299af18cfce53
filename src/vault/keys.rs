//! The keys from the app key to folder, record and file keys (protocol 9.1). A wrong key in the wrong place does not
//! compile.

use crate::buffer::Buffer;
use crate::crypto::aead::{self, Key, Opener, Unsealed};
use crate::crypto::signing::PublicKey;
use crate::crypto::{Error, cbc, ecies};
use crate::device::AppKey;
use crate::sensitive::Sensitive;

/// Wraps record keys.
pub trait Wrapping {
    fn key(&self) -> &Key;
}

impl Wrapping for AppKey {
    fn key(&self) -> &Key {
        &self.0
    }
}

impl Wrapping for FolderKey {
    fn key(&self) -> &Key {
        &self.0
    }
}

macro_rules! key {
    ($name:ident) => {
        #[derive(Debug, Clone)]
        pub struct $name(Key);

        impl $name {
            pub fn generate() -> Result<Self, Error> {
                Key::generate().map(Self)
            }
        }
    };
    ($name:ident, authenticated) => {
        key!($name);

        impl $name {
            pub fn wrap_for(&self, owner: &PublicKey) -> Result<Vec<u8>, Error> {
                ecies::seal(owner, self.0.expose())
            }

            pub fn seal(&self, data: &[u8]) -> Result<Vec<u8>, Error> {
                aead::seal(&self.0, data)
            }

            /// Opens in place.
            pub fn open(&self, data: Vec<u8>) -> Result<Sensitive<Vec<u8>>, Error> {
                aead::open_bulk(&self.0, data)
            }

            /// The same. Nothing can be said of `data` after a failure.
            pub fn open_in(&self, data: &mut Sensitive<Vec<u8>>) -> Result<(), Error> {
                aead::open_bulk_in(&self.0, data.expose_mut())
            }
        }
    };
}

key!(FolderKey);
key!(RecordKey, authenticated);
key!(FileKey, authenticated);

impl FolderKey {
    pub fn unwrap_shared(app_key: &AppKey, wrapped: &[u8]) -> Result<Self, Error> {
        aead::open_key(&app_key.0, wrapped).map(Self)
    }

    /// Unwraps the key of a folder at any depth below this shared folder. The result may be wrong: the protocol does not
    /// authenticate it.
    pub fn unwrap_descendant_unauthenticated(&self, wrapped: &[u8]) -> Result<Self, Error> {
        Key::from_bytes(cbc::open_unauthenticated(&self.0, wrapped)?.expose()).map(Self)
    }

    /// Wraps the key of a folder at any depth below this shared folder.
    pub fn wrap_descendant_unauthenticated(&self, key: &Self) -> Result<Vec<u8>, Error> {
        cbc::seal_unauthenticated(&self.0, key.0.expose())
    }

    /// Seals the folder's own JSON.
    pub fn seal_unauthenticated(&self, data: &[u8]) -> Result<Vec<u8>, Error> {
        cbc::seal_unauthenticated(&self.0, data)
    }

    /// Opens the folder's own JSON, which is not authenticated either.
    pub fn open_unauthenticated(&self, data: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
        cbc::open_unauthenticated(&self.0, data)
    }
}

impl RecordKey {
    /// A place for a key.
    pub fn zero() -> Self {
        Self(Key::zero())
    }

    pub fn wrap(&self, by: &impl Wrapping) -> Result<Vec<u8>, Error> {
        aead::seal(by.key(), self.0.expose())
    }
}

/// Unwraps the keys of many records.
pub struct Unwrapper {
    key: Key,
    opener: Opener,
}

impl Unwrapper {
    pub fn new(by: &impl Wrapping) -> Self {
        Self {
            key: by.key().clone(),
            opener: Opener::new(by.key()),
        }
    }

    /// Unwraps a key into the place of another. If `wrapped` is empty, the wrapping key itself is the record's
    /// (protocol 9.2). Nothing can be said of `key` after a failure.
    pub fn unwrap_in(&self, wrapped: &[u8], key: &mut RecordKey) -> Result<(), Error> {
        match wrapped {
            [] => {
                key.0.clone_from(&self.key);
                Ok(())
            }
            wrapped => self.opener.open_key_in(wrapped, &mut key.0),
        }
    }
}

impl FileKey {
    pub fn unwrap(by: &RecordKey, wrapped: &[u8]) -> Result<Self, Error> {
        aead::open_key(&by.0, wrapped).map(Self)
    }

    pub fn wrap(&self, by: &RecordKey) -> Result<Vec<u8>, Error> {
        aead::seal(&by.0, self.0.expose())
    }

    /// Seals the file's content in place.
    pub fn seal_content(&self, content: Unsealed) -> Result<Buffer, Error> {
        content.seal(&self.0)
    }

    /// Opens the file's content in place.
    pub fn open_content(&self, content: Buffer) -> Result<Sensitive<Buffer>, Error> {
        aead::open_buffer(&self.0, content)
    }
}
