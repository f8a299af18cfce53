//! The development vault: a small vault on loopback that speaks the real protocol, for people to try `ksm` on and for
//! pipelines and tests to run against. Records live in memory; it is not for real secrets.
//!
//! ```text
//! server ─► gate ─► endpoints ─► state ◄─ plant ◄─ seed
//! ```
//!
//! `server` takes requests off the wire, `gate` checks who sent them and opens them, `endpoints` carries them out on
//! `state`, which `plant` made from a `seed`. Nothing else in the library uses this module.

mod devices;
mod endpoints;
mod form;
mod gate;
mod plant;
mod refusal;
pub mod seed;
pub mod seed_record;
mod server;
mod state;
pub mod tls;
mod vault;

pub use seed::Seed;
pub use tls::Identity;
pub use vault::{Error, Vault};
