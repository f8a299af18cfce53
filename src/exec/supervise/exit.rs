//! The end of a program, and an end of ours like it.

#[cfg(unix)]
use std::os::unix::process::CommandExt;
#[cfg(not(unix))]
use std::process::ExitStatus;

#[cfg(unix)]
use crate::environment::ChildEnvironment;
#[cfg(unix)]
use crate::program::Program;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// A byte on Unix, the system's 32 bits on Windows.
    Status(u32),
    /// The number of the signal that ended the program.
    Signal(i32),
}

impl Exit {
    /// Ends this process by the signal that ended the program, or with its status where that is more than a byte, running
    /// no destructors. Returns an exit code where neither is due, and where the signal does not end us, as in the first
    /// process of a container: then 128 and its number, as in a shell.
    pub fn imitate(self) -> u8 {
        match self {
            Self::Status(code) => match u8::try_from(code) {
                Ok(code) => code,
                Err(_) => std::process::exit(code.cast_signed()),
            },
            Self::Signal(signal) => {
                die_of(signal);
                u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128))
            }
        }
    }

    /// The status that a shell tells.
    pub fn to_status(self) -> u32 {
        match self {
            Self::Status(code) => code,
            Self::Signal(signal) => 128_u32.saturating_add_signed(signal),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(status: ExitStatus) -> Self {
        Self::Status(status.code().map_or(1, i32::cast_unsigned))
    }
}

/// Only the keys of a console end programs by what is a signal elsewhere.
#[cfg(not(unix))]
fn die_of(_: i32) {
    crate::signals::end_as_interrupted();
}

#[cfg(unix)]
fn die_of(signal: i32) {
    use rustix::process::{Pid, getpid, kill_process};

    if getpid() == Pid::INIT {
        return;
    }
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    // Signals whose handler cannot be taken back safely end a shell in our place.
    let _ = Program::at("/bin/sh")
        .command(&ChildEnvironment::default())
        .args(["-c", "kill -\"$0\" $$; exit $((128 + $0))"])
        .arg(signal.to_string())
        .exec();
    // There is no shell. SIGKILL and SIGSTOP still work, since they never have a handler.
    if let Some(signal) = rustix::process::Signal::from_named_raw(signal) {
        let _ = kill_process(getpid(), signal);
    }
}
