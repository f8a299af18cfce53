//! The library through its public interface: the published vectors, arbitrary input, and writes to a vault on loopback.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice
)]
#![allow(unreachable_pub, reason = "nobody imports a test")]

mod manual;
mod modules;
mod robustness;
mod variables;
mod vectors;
mod writing;
