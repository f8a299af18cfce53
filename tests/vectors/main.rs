//! Known answers from the published protocol, through the public library. `OVERRULED.md` lists those that a higher
//! document sets aside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub
)]

mod configs;
mod data;
mod exchanges;
mod notation;
mod passwords;
mod primitives;
mod refusals;
mod tokens;
mod totp;
mod writes;
