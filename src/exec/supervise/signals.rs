//! The signals that are the program's while we stay with it: caught from before its start, each with its sender.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getpid};
use signal_hook::consts::{FORBIDDEN, SIGCHLD, SIGPIPE};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};

/// The highest number there is: the last real-time signal on Linux.
const LAST: i32 = if cfg!(target_os = "linux") { 64 } else { 31 };

/// Signals that arrived and those to come. Of one kind the library keeps five while nobody looks, the system one, but
/// for real-time signals.
pub(super) struct Signals(SignalDelivery<UnixStream, WithOrigin>);

/// One signal that arrived.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub(super) signal: Signal,
    /// Whether it is from the terminal or another part of the system, rather than meant for us by some process.
    pub(super) by_system: bool,
}

impl Signals {
    /// Takes over every signal that can be caught and that our parent did not tell us to ignore, which the program
    /// is to go on ignoring. SEGV, ILL and FPE are faults of our own to the library, and stay as they are.
    pub(super) fn catch() -> io::Result<Self> {
        let ignored = ignored();
        let (read, write) = UnixStream::pair()?;
        // Without the first there is no end to wait for; the standard library ignores the second in every program.
        let caught = [SIGCHLD, SIGPIPE];
        let signals = SignalDelivery::with_pipe(read, write, WithOrigin::default(), caught)?;
        let others = (1..=LAST)
            .filter(|number| !FORBIDDEN.contains(number) && ignored >> (number - 1) & 1 == 0);
        for number in others {
            // Some numbers are the C library's own.
            let _ = signals.handle().add_signal(number);
        }
        Ok(Self(signals))
    }

    /// Waits for the next that somebody else sent; `None` if there is something in `other` before that.
    pub(super) fn next_before(&mut self, other: Option<impl AsFd>) -> Option<Arrival> {
        loop {
            // What is left of them here is there at the next look.
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
            // Interrupted by a signal, it has something in ours.
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
        // Some systems do not tell; what keyboards send is most often from one.
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

/// There are no real-time signals.
#[cfg(not(target_os = "linux"))]
fn named(number: i32) -> Option<Signal> {
    Signal::from_named_raw(number)
}

/// A bit for each ignored signal, where the system tells.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or(0)
}
