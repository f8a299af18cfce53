//! Catches the signals that are the program's while it runs, each with its sender.

use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, Signal, getpid};
use signal_hook::consts::{FORBIDDEN, SIGCHLD, SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};

use crate::signals::{IgnoredSignals, blocked};

/// The highest number there is: the last real-time signal on Linux.
const LAST: i32 = if cfg!(target_os = "linux") { 64 } else { 31 };

/// What ends us again once the run is over.
const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

/// A queue of signals. While nobody reads, the library keeps five of one kind; the system keeps one, or all real-time
/// signals. Dropping it lets signals end us again.
pub(super) struct Signals {
    /// Lives as long as the process: a handler that wrote into a pipe without a reader would raise SIGPIPE, whose handler
    /// would write into it again, for ever.
    queue: ManuallyDrop<SignalDelivery<UnixStream, WithOrigin>>,
    over: Arc<AtomicBool>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub(super) signal: Signal,
    /// Set for signals of the terminal or another part of the system; unset for those some process sent to us.
    pub(super) by_system: bool,
}

impl Signals {
    /// Catches every signal that can be caught, except those our parent told us to ignore, which the program ignores
    /// too. The library leaves SEGV, ILL and FPE alone, as faults of our own.
    pub(super) fn catch() -> io::Result<Self> {
        blocked(Self::install)
    }

    fn install() -> io::Result<Self> {
        let ignored = IgnoredSignals::of_process();
        let is_ignored = |number| ignored.is_some_and(|ignored| ignored.contains(number));
        let (read, write) = UnixStream::pair()?;
        // SIGCHLD tells the program's end. The standard library ignores SIGPIPE, which our parent did not ask for.
        let caught = [SIGCHLD, SIGPIPE];
        let queue = SignalDelivery::with_pipe(read, write, WithOrigin::default(), caught)?;
        let queue = ManuallyDrop::new(queue);
        let others =
            (1..=LAST).filter(|number| !FORBIDDEN.contains(number) && !is_ignored(*number));
        for number in others {
            // Some numbers are the C library's own.
            let _ = queue.handle().add_signal(number);
        }
        let over = Arc::new(AtomicBool::new(false));
        for number in ENDING {
            if !is_ignored(number) {
                end_once(number, Arc::clone(&over))?;
            }
        }
        Ok(Self { queue, over })
    }

    /// Takes those that wait. SIGCHLD, which only wakes us, and what we sent ourselves are left out.
    pub(super) fn arrived(&mut self) -> Vec<Arrival> {
        let origins = self.queue.pending();
        origins.filter_map(|origin| arrival(&origin)).collect()
    }

    /// Waits until signals arrive or `other` becomes readable, which is returned.
    pub(super) fn wait(&self, other: Option<impl AsFd>) -> bool {
        let mut polled = vec![PollFd::new(self.queue.get_read(), PollFlags::IN)];
        polled.extend(
            other
                .as_ref()
                .map(|other| PollFd::new(other, PollFlags::IN)),
        );
        // A signal that interrupts this is in the queue.
        let _ = poll(&mut polled, None);
        let mut others = polled.iter().skip(1);
        others.any(|other| !other.revents().is_empty())
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

/// Has the signal end us from the moment `over` is set.
fn end_once(signal: i32, over: Arc<AtomicBool>) -> io::Result<()> {
    if getpid() == Pid::INIT {
        flag::register_conditional_shutdown(signal, 128 + signal, over)?;
    } else {
        flag::register_conditional_default(signal, over)?;
    }
    Ok(())
}

fn arrival(origin: &Origin) -> Option<Arrival> {
    let us = getpid().as_raw_nonzero().get();
    if origin.signal == SIGCHLD || origin.process.is_some_and(|sender| sender.pid == us) {
        return None;
    }
    let signal = named(origin.signal)?;
    let by_system = match origin.cause {
        Cause::Kernel => true,
        // Some systems do not tell; these mostly come from keyboards.
        Cause::Unknown => {
            [Signal::INT, Signal::QUIT, Signal::TSTP, Signal::WINCH].contains(&signal)
        }
        _ => false,
    };
    Some(Arrival { signal, by_system })
}

#[cfg(target_os = "linux")]
fn named(number: i32) -> Option<Signal> {
    rustix_libc_wrappers::process::SignalExt::from_raw(number)
}

// Other systems have no real-time signals.
#[cfg(not(target_os = "linux"))]
fn named(number: i32) -> Option<Signal> {
    Signal::from_named_raw(number)
}
