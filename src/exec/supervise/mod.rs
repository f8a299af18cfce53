//! Stays with a program until its end (decision D22), for what has to be done then or to what it prints meanwhile.
//!
//! ```text
//! signals ──► supervise ──────────────► program        the terminal of a user: `pty` is one for the program,
//!                 │ its end               │ output     elsewhere it has pipes and a process group of its own
//!                 ▼                       ▼
//!              Completion     stdout ◄─ mask ◄─ relay
//! ```

mod exit;
mod feed;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod reap;
#[cfg(unix)]
mod relay;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod unix;

pub use exit::Exit;
pub use feed::feed;

use std::io;

#[cfg(not(unix))]
pub use other::run;
#[cfg(unix)]
pub use unix::run;

use super::mask::Mask;

/// What is done to the output of a program.
#[derive(Debug, Clone, Default)]
pub struct OutputOptions {
    /// What must not show in it.
    pub mask: Option<Mask>,
    /// Whether it is kept until the program has ended, stdout before stderr.
    pub capture: bool,
}

impl OutputOptions {
    /// Whether the program writes through us.
    fn reads_output(&self) -> bool {
        self.mask.is_some() || self.capture
    }
}

/// What became of a program and of what it wrote through us.
#[derive(Debug)]
pub struct Completion {
    /// How it ended.
    pub exit: Exit,
    /// Why not all of its output could be written, if that is not because the reader went away.
    pub output_error: Option<OutputError>,
}

/// A stream of ours that does not take what the program wrote.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to {stream}")]
pub struct OutputError {
    stream: &'static str,
    source: io::Error,
}
