//! The end of a program, and an end of ours like it.

#[cfg(unix)]
use std::os::unix::process::CommandExt;
#[cfg(not(unix))]
use std::process::ExitStatus;

#[cfg(unix)]
use crate::environment::ChildEnvironment;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Status(u8),
    /// The number of the signal that ended the program.
    Signal(i32),
}

impl Exit {
    /// Ends this process by the signal that ended the program, running no destructors. Returns an exit code where no
    /// signal is due, and where it does not end us, as in the first process of a container: then 128 and its number,
    /// as in a shell.
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

    #[cfg(not(unix))]
    pub(super) fn of(status: ExitStatus) -> Self {
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Self::Status(code.unwrap_or(1))
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
    // There is no shell. SIGKILL and SIGSTOP still work, since they never have a handler.
    if let Some(signal) = rustix::process::Signal::from_named_raw(signal) {
        let _ = kill_process(getpid(), signal);
    }
}
