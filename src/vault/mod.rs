//! The vault as its user sees it: records, fields, folders and attachments, opened.
//!
//! `client` asks, `records` and `folder` open the answers with `keys`, `select` finds what a UID, title or `notation` stands
//! for, `edit` changes a record, `write` sends changes, `transfer` moves the content of attachments. `bind` makes a device
//! of a one-time token, before there is a client. `inflate` and `totp` send nothing: they complete references to cards
//! and addresses, and make one-time codes.

pub mod attachment;
pub mod bind;
mod client;
pub mod edit;
mod error;
pub mod field;
pub mod folder;
pub mod inflate;
pub mod keys;
mod lenient;
pub mod link;
pub mod notation;
mod raw;
pub mod record;
mod records;
pub mod select;
pub mod totp;
mod transfer;
pub mod uid;
mod write;

pub use client::{Client, Links, Notice, Options, Pong};
pub use edit::RecordEdit;
pub use error::{Broken, Error, Kind, Leftover, SelectError, UploadError, WriteOperation};
pub use raw::RawObject;
pub use record::Record;
pub use records::{RecordFilter, Records};
pub use transfer::{FileMetadata, NewFile, SealedFile};
pub use write::{Deletion, FolderContents, OnStale, ParentFolder};
