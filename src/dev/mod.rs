//! The development vault: a small vault on loopback that speaks the real protocol, for people to try `ksm` on and for
//! pipelines and tests to run against. Records live in memory; it is not for real secrets.
//!
//! ```text
//! server ─► request_auth ─► endpoints ─► state ◄─ seal_seed ◄─ seed
//! ```
//!
//! `server` takes requests off the wire, `request_auth` checks who sent them and opens them, `endpoints` carries them
//! out on `state`, which `seal_seed` makes from a `seed`. `vault` is the handle on all that; `sandbox`,
//! `client_environment` and `token_socket` bring programs to it. Nothing else in the library uses this module.

pub mod bind;
mod client_environment;
mod devices;
mod endpoints;
mod error_reply;
mod issued_token;
mod multipart;
mod request_auth;
mod sandbox;
mod seal_seed;
pub mod seed;
mod server;
mod shell;
mod state;
mod tls;
pub mod token_socket;
mod upload_form;
mod vault;

pub use bind::bind;
pub use client_environment::ClientEnvironment;
pub use issued_token::IssuedToken;
pub use sandbox::Sandbox;
pub use seed::Seed;
pub use shell::Shell;
pub use tls::ServerCertificate;
pub use vault::{Error, Vault};
