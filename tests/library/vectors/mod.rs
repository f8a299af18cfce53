//! Known answers from the published protocol, through the public library. `OVERRULED.md` lists those that the
//! manual sets aside.

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
mod wycheproof;
