//! The core of `ksm`: everything that knows neither flags nor a terminal.
//!
//! Data flows one way. `profile` says who we are, with `storage` where the keys rest elsewhere, and `vault` what can be asked; `wire` seals the question, posts it
//! through `http` and opens the answer; `vault` turns that into records, `exec` hands them to a program and `template` puts them into texts. Below
//! them lie `device`, `crypto`, `codec`, `error_chain` and `sensitive`, which know nobody.

#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unwrap_used,
        reason = "a test may panic"
    )
)]

pub mod aws;
pub mod codec;
pub mod crypto;
#[cfg(feature = "dev-vault")]
pub mod dev;
pub mod device;
pub mod document;
pub mod environment;
pub mod error_chain;
pub mod exec;
pub mod http;
pub mod input;
pub mod json;
pub mod keyring;
pub mod kubernetes;
pub mod manual;
pub mod private_file;
pub mod profile;
pub mod query;
pub mod schema;
pub mod sensitive;
pub mod suggest;
pub mod template;
pub mod vault;
pub mod wire;
pub mod yaml;
