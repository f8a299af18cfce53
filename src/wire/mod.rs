//! The protocol of the vault's server (protocol 2 to 6).
//!
//! A device encrypts what it sends to the server and signs it: [`envelope::seal`] draws a fresh reply key, wraps it for
//! the server's public key ([`server_key`]), encrypts the [`payload`] under it and signs both. [`transport`] posts the
//! result to an [`endpoint`]. Only the reply key opens the [answer](reply), so a replayed answer does not open. A failure
//! is a [`reply::Refusal`], and [`retry`] decides what follows it. [`session`] is the loop around all this and reports
//! each [`event`]. A [`token`] binds a new device.

pub mod endpoint;
pub mod envelope;
mod error;
pub mod event;
pub mod list;
pub mod object;
pub mod payload;
pub mod reply;
pub mod retry;
pub mod server_key;
pub mod session;
pub mod text;
pub mod token;
pub mod transport;

pub use error::{Error, ServerState};
pub use session::Session;
