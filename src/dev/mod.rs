//! The development vault: a small vault on loopback that speaks the real protocol, for people to try `ksm` on and for
//! pipelines and tests to run against. Records live in memory; it is not for real secrets.
//!
//! ```text
//! server ─► gate ─► endpoints ─► state ◄─ plant ◄─ seed
//! ```
//!
//! `server` takes requests off the wire, `gate` checks who sent them and opens them, `endpoints` carries them out on
//! `state`, which `plant` made from a `seed`. `vault` is the handle on all that; `sandbox`, `environment` and `control`
//! bring programs to it. Nothing else in the library uses this module.

#[cfg(unix)]
pub mod control;
mod devices;
mod endpoints;
pub mod enrol;
pub mod environment;
mod form;
mod gate;
mod plant;
mod refusal;
pub mod sandbox;
pub mod seed;
pub mod seed_record;
mod server;
mod state;
pub mod tls;
mod vault;

pub use enrol::enrol;
pub use environment::Environment;
pub use sandbox::Sandbox;
pub use seed::Seed;
pub use tls::Identity;
pub use vault::{Error, Vault};
