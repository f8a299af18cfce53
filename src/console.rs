//! Stand-in.
mod visible;
pub(crate) use visible::visible;
