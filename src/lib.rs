//! The core of `ksm`: everything that knows neither flags nor a terminal.
//!
//! Data flows one way. `profile` says who we are and `vault` what can be asked; `wire` seals the question, posts it
//! through `http` and opens the answer; `vault` turns that into records, and `exec` hands them to a program. Below
//! them lie `device`, `crypto`, `codec` and `sensitive`, which know nobody.

pub mod codec;
pub mod crypto;
#[cfg(feature = "dev-vault")]
pub mod dev;
pub mod device;
pub mod exec;
pub mod http;
pub mod json;
pub mod private_file;
pub mod profile;
pub mod sensitive;
pub mod vault;
pub mod wire;
