//! The vault as its user sees it: records, fields, folders and attachments, opened.
//!
//! `client` is a device before its vault: `reader` reads, `write` sends changes, `cached` says when the cache answers
//! instead of the server, and `notice` what is told besides. `records` and `folder` open the answers with `keys`,
//! `select` finds what a UID, title or `notation` stands for, `edit` changes a record, `transfer` moves the content of
//! attachments. `advice` says what there is in place of a name that stands for nothing. `bind` makes a device of a one-time
//! token, before there is a client. `inflate` and `totp` send nothing: they complete references to cards and addresses,
//! and make one-time codes.

pub mod advice;
pub mod attachment;
pub mod bind;
mod cached;
mod client;
pub mod edit;
mod error;
pub mod field;
pub mod folder;
mod heading;
pub mod inflate;
pub mod keys;
mod lenient;
pub mod link;
pub mod notation;
mod notice;
mod outline;
pub mod part;
mod raw;
mod reader;
pub mod record;
mod records;
pub mod section;
pub mod select;
pub mod totp;
mod transfer;
pub mod uid;
mod write;

pub use cached::{Ages, Kept};
pub use client::{Client, Connection, Pong, Shared};
pub use edit::RecordEdit;
pub use error::{
    Broken, CacheLack, Candidate, Error, Kind, Leftover, MissingRecords, SelectError, UploadError,
    WriteOperation,
};
pub use heading::{Heading, Headings};
pub use notice::{CacheReason, CacheUse, Notice};
pub use raw::RawObject;
pub use reader::Reader;
pub use record::Record;
pub use records::{Links, RecordFilter, Records};
pub use transfer::{FileMetadata, NewFile, SealedFile};
pub use write::{Deletion, FolderContents, OnStale, ParentFolder};
