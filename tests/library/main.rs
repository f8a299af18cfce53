//! The library through its public interface: the published vectors, arbitrary input, and writes to a vault on loopback.
//! Beside them, what holds for the source as text: references, modules, variables, promises, names of tests.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice
)]
#![allow(unreachable_pub, reason = "nobody imports a test")]

mod clouds;
mod dependencies;
mod limits;
mod manual;
mod modules;
mod order;
mod promises;
mod robustness;
mod sources;
mod test_names;
mod variables;
mod vectors;
mod writing;
