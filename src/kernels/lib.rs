//! The loops that cost the most, with every type named.
//!
//! RustCrypto is generic, and generic code is compiled in the crate that names its types, at the level of that crate. The
//! program is built for size. This crate is built for speed (`Cargo.toml`), and holds nothing else. Three operations are
//! ring's, which is quicker and does not wipe its keys (D27).
//!
//! - `starts`: where a secret may begin in the output of a program
//! - `json`: answers and records, read without a value for each member
//! - `base64`: the texts of answers
//! - `ascii`: whether a text needs a look at its characters
//! - `fill`: memory of zeros
//! - `ephemeral`: an agreement with a key pair that is used once
//! - `p256`: keys, signatures and agreements of the curve; ring checks signatures
//! - `bulk`: AES-GCM of what lives for one request
//! - `aes_gcm`: AES-GCM under keys that are wiped

pub mod aes_gcm;
pub mod ascii;
pub mod base64;
pub mod bulk;
pub mod ephemeral;
pub mod fill;
pub mod json;
pub mod p256;
pub mod starts;
