//! Catches the signals that are the program's while it runs, each with its sender.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getpid};
use signal_hook::consts::{FORBIDDEN, SIGCHLD, SIGPIPE};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};

use crate::private_file::signals::IgnoredSignals;

/// The highest number there is: the last real-time signal on Linux.
const LAST: i32 = if cfg!(target_os = "linux") { 64 } else { 31 };

/// A queue of signals. While nobody reads, the library keeps five of one kind; the system keeps one, or all real-time
/// signals.
pub(super) struct Signals(SignalDelivery<UnixStream, WithOrigin>);

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
        let ignored = IgnoredSignals::of_process();
        let (read, write) = UnixStream::pair()?;
        // SIGCHLD tells the program's end. The standard library ignores SIGPIPE, which our parent did not ask for.
        let caught = [SIGCHLD, SIGPIPE];
        let signals = SignalDelivery::with_pipe(read, write, WithOrigin::default(), caught)?;
        let others = (1..=LAST).filter(|number| {
            !FORBIDDEN.contains(number) && !ignored.is_some_and(|ignored| ignored.contains(*number))
        });
        for number in others {
            // Some numbers are the C library's own.
            let _ = signals.handle().add_signal(number);
        }
        Ok(Self(signals))
    }

    /// Waits for the next signal that another process sent; returns `None` if `other` becomes readable before that.
    pub(super) fn next_before(&mut self, other: Option<impl AsFd>) -> Option<Arrival> {
        loop {
            // The others stay pending.
            let next = self.0.pending().find_map(|origin| arrival(&origin));
            if next.is_some() {
                return next;
            }
            let mut polled = vec![PollFd::new(self.0.get_read(), PollFlags::IN)];
            polled.extend(
                other
                    .as_ref()
                    .map(|other| PollFd::new(other, PollFlags::IN)),
            );
            // A signal that interrupts this is in the queue.
            let _ = poll(&mut polled, None);
            if polled
                .iter()
                .skip(1)
                .any(|other| !other.revents().is_empty())
            {
                return None;
            }
        }
    }
}

fn arrival(origin: &Origin) -> Option<Arrival> {
    let us = getpid().as_raw_nonzero().get();
    if origin.signal != SIGCHLD && origin.process.is_some_and(|sender| sender.pid == us) {
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
