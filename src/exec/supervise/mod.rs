//! Runs a program as a child until its end (D22), to remove its files then, or to mask or capture its output.
//!
//! ```text
//! signals ──► life ──────────────► program        on a terminal of its own (`pty`) if ours shows masked output,
//!               │ its exit           │ output     otherwise on pipes
//!               ▼                    ▼
//!           Completion    stdout ◄─ mask ◄─ relay
//! ```
//!
//! `unix` and `spawn` start the program, `life` forwards signals to it and reaps it, `output` has one thread for each stream, in
//! which `relay` carries the bytes; `rest` is what others go on writing.

#[cfg(unix)]
mod descriptors;
mod exit;
mod feed;
#[cfg(unix)]
mod life;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod relay;
#[cfg(unix)]
mod rest;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod spawn;
#[cfg(unix)]
mod unix;

use std::io;

pub use exit::Exit;
pub use feed::feed;
#[cfg(not(unix))]
pub use other::run;
#[cfg(unix)]
pub use unix::run;

use super::mask::Mask;

#[derive(Debug, Clone, Default)]
pub struct OutputOptions {
    pub mask: Option<Mask>,
    /// Shows the output only after the program's end, stdout before stderr.
    pub capture: bool,
}

impl OutputOptions {
    fn needs_pipes(&self) -> bool {
        self.mask.is_some() || self.capture
    }
}

#[derive(Debug)]
pub struct Completion {
    pub exit: Exit,
    /// Set if output got lost, except to a reader that went away.
    pub output_error: Option<OutputError>,
}

#[derive(Debug, thiserror::Error)]
#[error("cannot write to {stream}")]
pub struct OutputError {
    stream: &'static str,
    source: io::Error,
}
