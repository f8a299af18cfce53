//! How a program ended that we stayed with, and how we end like it.

#[cfg(unix)]
use std::os::unix::process::CommandExt;

#[cfg(unix)]
use crate::environment::ChildEnvironment;

/// The end of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It ended by itself, with this status.
    Status(u8),
    /// A signal of this number ended it.
    Signal(i32),
}

impl Exit {
    /// Ends this process as the program ended: by the same signal, if one did. What is left to be undone is undone
    /// before. Comes back with an exit code where no signal is due, and where none ends us, as in the first process
    /// of a container: 128 and its number then, as a shell counts.
    pub fn imitate(self) -> u8 {
        match self {
            Self::Status(code) => code,
            Self::Signal(signal) => {
                #[cfg(unix)]
                die_of(signal);
                u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128))
            }
        }
    }
}

#[cfg(unix)]
fn die_of(signal: i32) {
    use rustix::process::{Pid, getpid, kill_process};

    if getpid() == Pid::INIT {
        return;
    }
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    // Signals whose handler cannot be taken back safely end a shell in our place.
    let _ = ChildEnvironment::default()
        .command("/bin/sh")
        .args(["-c", "kill -\"$0\" $$; exit $((128 + $0))"])
        .arg(signal.to_string())
        .exec();
    // Without a shell; nothing is caught that was never passed on.
    if let Some(signal) = rustix::process::Signal::from_named_raw(signal) {
        let _ = kill_process(getpid(), signal);
    }
}
