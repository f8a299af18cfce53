//! The vault as its user sees it: records, fields, folders and attachments, opened.

pub mod attachment;
pub mod bind;
mod client;
mod deed;
mod download;
pub mod draft;
mod error;
pub mod field;
pub mod folder;
mod greet;
pub mod inflate;
pub mod keys;
pub mod link;
pub mod lookup;
mod members;
pub mod notation;
mod open;
pub mod password;
mod question;
pub mod record;
mod title;
pub mod totp;
pub mod uid;
mod upload;
mod write;

pub use client::{Client, Links, Notice, Options};
pub use deed::Deed;
pub use draft::Draft;
pub use error::Error;
pub use greet::Greeting;
pub use members::Members;
pub use open::{Broken, Records};
pub use question::Question;
pub use record::Record;
pub use upload::{NewFile, SealedFile, UploadError};
pub use write::{Contents, Left, Outcome, Place};
