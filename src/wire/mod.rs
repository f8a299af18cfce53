//! The protocol in one page (protocol.md 2 to 6).
//!
//! A device signs what it sends and encrypts it to the server: [`envelope::seal`] draws a fresh reply key, wraps it
//! for the server's public key ([`server_key`]), encrypts the [`payload`] under it and signs both. [`transport`] posts
//! that to an [`endpoint`]; the answer opens with the reply key alone, so an old one replayed does not. What is not a
//! success is a [`reply::Refusal`], and [`retry`] says what may follow it. [`session`] is the loop around these,
//! and tells an [`event`] on the way. A [`token`] is how a device is introduced the first time.

pub mod endpoint;
pub mod envelope;
mod error;
pub mod event;
pub mod payload;
pub mod reply;
pub mod retry;
pub mod server_key;
pub mod session;
pub mod text;
pub mod token;
pub mod transport;

pub use error::Error;
pub use session::Session;
