//! The signals that are the program's while we stay with it: caught from before its start, each with its sender.

use std::io;

use rustix::process::{Signal, getpid};
use signal_hook::consts::{FORBIDDEN, SIGCHLD, SIGPIPE};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};

/// The highest number there is: the last real-time signal on Linux.
const LAST: i32 = if cfg!(target_os = "linux") { 64 } else { 31 };

/// Signals in the order they arrive.
pub(super) struct Signals(SignalsInfo<WithOrigin>);

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
        // Without the first there is no end to wait for; the standard library ignores the second in every program.
        let signals = SignalsInfo::new([SIGCHLD, SIGPIPE])?;
        let others = (1..=LAST)
            .filter(|number| !FORBIDDEN.contains(number) && ignored >> (number - 1) & 1 == 0);
        for number in others {
            // Some numbers are the C library's own.
            let _ = signals.handle().add_signal(number);
        }
        Ok(Self(signals))
    }

    /// Waits for the next that somebody else sent.
    pub(super) fn next(&mut self) -> Option<Arrival> {
        self.0.forever().find_map(|origin| arrival(&origin))
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
