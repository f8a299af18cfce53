//! Stays with a program until its end (decision D22), for what has to be done then or to what it prints meanwhile.
//!
//! ```text
//! signals ──► supervise ──────────────► program        the terminal of a user: `pty` is one for the program,
//!                 │ its end               │ output     elsewhere it has pipes and a process group of its own
//!                 ▼                       ▼
//!              Outcome     stdout ◄─ mask ◄─ relay
//! ```

#[cfg(not(unix))]
mod elsewhere;
mod ended;
mod feed;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod pty;
#[cfg(unix)]
mod relay;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod supervise;
#[cfg(unix)]
mod unix;

pub use ended::Ended;
pub use feed::feed;

use std::io;

#[cfg(not(unix))]
use elsewhere::stay;
#[cfg(unix)]
use unix::stay;

use super::launch::{Launch, LaunchError};
use super::mask::Mask;

/// What is done to the output of a program.
#[derive(Debug, Clone, Default)]
pub struct Stay {
    /// What must not show in it.
    pub mask: Option<Mask>,
    /// Whether it is kept until the program has ended, stdout before stderr.
    pub capture: bool,
}

impl Stay {
    /// Whether the program writes through us.
    fn reads_output(&self) -> bool {
        self.mask.is_some() || self.capture
    }
}

/// What became of a program and of what it wrote through us.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub ended: Ended,
    /// Why not all of its output could be written, if that is not because the reader went away.
    pub undelivered: Option<Undelivered>,
}

/// A stream of ours that does not take what the program wrote.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to {stream}")]
pub struct Undelivered {
    stream: &'static str,
    source: io::Error,
}

/// Runs a program to its end. Signals that reach us meanwhile are the program's; from here on they no longer end us.
pub fn run(launch: &Launch, mode: &Stay) -> Result<Outcome, LaunchError> {
    stay(launch, mode)
}
