//! The loops that cost the most, with every type named.
//!
//! RustCrypto is generic, and generic code is compiled in the crate that names its types, at the level of that crate. The
//! program is built for size. This crate is built for speed (`Cargo.toml`), and holds nothing else. Two operations are
//! ring's, which is quicker and does not wipe its keys (D27).

pub mod aes_gcm;
pub mod ascii;
pub mod base64;
pub mod bulk;
pub mod ephemeral;
pub mod fill;
pub mod json;
pub mod p256;
pub mod starts;
