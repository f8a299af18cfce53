//! Hides secrets in a stream of bytes (security.md O8): a safety net, no wall.

mod stream;
mod values;
mod variants;

pub use stream::Masker;
pub use values::Mask;

/// What shows instead of a secret (decision D25).
const MARK: &[u8] = b"****";

/// No text shorter than this is hidden, and all of those that are begin with as many bytes to look for.
const SHORTEST: usize = 5;
