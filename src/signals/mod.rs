//! Signals during a save: they wait until the draft is renamed or gone, and then do what they always did. For process 1
//! the system does nothing by itself, so there they end us as they would anybody else.

#[cfg(target_os = "linux")]
mod held;
#[cfg(windows)]
mod keys;

#[cfg(target_os = "linux")]
pub use held::{Hold, end_as_init, is_interrupt_left, leave_interrupt_to_caller, leave_to_caller};

#[cfg(windows)]
pub use keys::{
    Arrival, Hold, Keys, end_as_interrupted, is_interrupt_left, leave_interrupt_to_caller,
    leave_to_caller,
};

use std::path::Path;

use crate::input::{self, Limit};

/// The signals that our parent told us to ignore, as `nohup` does. Holds only before a handler is installed.
#[derive(Debug, Clone, Copy)]
pub struct IgnoredSignals(u64);

impl IgnoredSignals {
    /// `None` where the system does not tell: without `/proc`, or elsewhere than on Linux.
    pub fn of_process() -> Option<Self> {
        let status = input::file(Path::new("/proc/self/status"), Limit::SYSTEM);
        let status = status.and_then(input::text).ok()?;
        Self::in_status(status.expose())
    }

    /// Reads the line `SigIgn` of a `/proc/<pid>/status`.
    fn in_status(status: &str) -> Option<Self> {
        let mut lines = status.lines();
        let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(mask.trim(), 16).ok().map(Self)
    }

    pub fn contains(self, signal: i32) -> bool {
        self.0 >> (signal - 1) & 1 == 1
    }
}

/// Has all signals wait until `install` returns. While a handler is installed, the library knows neither what its signal did
/// before nor what it is to do, and one that comes then is lost.
#[cfg(unix)]
pub fn blocked<T>(install: impl FnOnce() -> T) -> T {
    use nix::sys::signal::{SigSet, SigmaskHow};

    let before = SigSet::all().thread_swap_mask(SigmaskHow::SIG_SETMASK);
    let installed = install();
    if let Ok(before) = before {
        let _ = before.thread_set_mask();
    }
    installed
}

// Nothing interrupts a program here.
#[cfg(not(unix))]
pub fn blocked<T>(install: impl FnOnce() -> T) -> T {
    install()
}

/// Elsewhere a process cannot ask which signals its parent told it to ignore, and must not start obeying those. A
/// signal then ends us at once, and the draft it leaves is swept by the next save.
#[cfg(not(any(target_os = "linux", windows)))]
#[derive(Debug)]
pub struct Hold;

#[cfg(not(any(target_os = "linux", windows)))]
impl Hold {
    pub fn begin() -> Self {
        Self
    }
}

/// Gives up the handlers for good; nothing waited.
#[cfg(not(any(target_os = "linux", windows)))]
pub fn leave_to_caller() -> Option<i32> {
    None
}

#[cfg(not(any(target_os = "linux", windows)))]
static INTERRUPT_LEFT: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

#[cfg(not(any(target_os = "linux", windows)))]
pub fn leave_interrupt_to_caller() {
    INTERRUPT_LEFT.store(true, std::sync::atomic::Ordering::SeqCst);
}

#[cfg(not(any(target_os = "linux", windows)))]
pub fn is_interrupt_left() -> bool {
    INTERRUPT_LEFT.load(std::sync::atomic::Ordering::SeqCst)
}

/// Only Linux has containers in which we may be process 1.
#[cfg(not(target_os = "linux"))]
pub fn end_as_init() {}

/// Lets a write beyond the limit of file sizes fail like any other, where the system would end us without a word. The
/// programs we start are ended as ever.
#[cfg(unix)]
pub fn survive_file_size_limit() {
    use rustix::process::{Resource, getrlimit};
    use signal_hook::consts::SIGXFSZ;
    // Asking what is ignored takes a fifth of the time of a short run.
    if getrlimit(Resource::Fsize).current.is_none() {
        return;
    }
    let ignored = IgnoredSignals::of_process();
    if ignored.is_some_and(|ignored| !ignored.contains(SIGXFSZ)) {
        let _ = blocked(|| signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default()));
    }
}

#[cfg(not(unix))]
pub fn survive_file_size_limit() {}

/// Lets us learn how the programs end that we start: who ignores SIGCHLD, as our parent may have told us to, is told by
/// nobody.
#[cfg(unix)]
pub fn learn_of_children() {
    use signal_hook::consts::SIGCHLD;
    let ignored = IgnoredSignals::of_process();
    if ignored.is_some_and(|ignored| ignored.contains(SIGCHLD)) {
        let _ = blocked(|| signal_hook::flag::register(SIGCHLD, std::sync::Arc::default()));
    }
}

#[cfg(not(unix))]
pub fn learn_of_children() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_signal_waits_until_its_handler_is_installed() {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicBool, Ordering};

        use signal_hook::consts::SIGWINCH;

        let arrived = Arc::new(AtomicBool::new(false));
        blocked(|| {
            signal_hook::low_level::raise(SIGWINCH).unwrap();
            signal_hook::flag::register(SIGWINCH, Arc::clone(&arrived)).unwrap();
            assert!(!arrived.load(Ordering::SeqCst));
        });
        assert!(arrived.load(Ordering::SeqCst));
    }

    #[test]
    fn a_status_file_tells_what_is_ignored() {
        let status = "Name:\tksm\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\n";
        let ignored = IgnoredSignals::in_status(status).unwrap();
        assert!(ignored.contains(1));
        assert!(ignored.contains(13));
        assert!(!ignored.contains(2));
        for status in ["Name:\tksm\n", "SigIgn:\tx\n"] {
            assert!(IgnoredSignals::in_status(status).is_none(), "{status}");
        }
    }
}
