//! Hides secrets in a stream of bytes (security.md O8): a safety net, no wall.

mod encodings;
mod masker;
mod needles;

pub use masker::Masker;
pub use needles::Mask;

/// What shows instead of a secret (decision D25).
const MARK: &[u8] = b"****";

/// No text shorter than this is hidden, and all of those that are begin with as many bytes to look for.
const SHORTEST: usize = 5;
