//! Waits for a running program: forwards signals to it, and reaps all children that end.

use std::os::fd::OwnedFd;

use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, kill_process, kill_process_group, wait,
};
use signal_hook::low_level::emulate_default_handler;

use super::exit::Exit;
use super::pty::Terminal;
use super::signals::{Arrival, Signals};

/// The process group of the program, which decides what reaches it without us.
pub(super) enum ProcessGroup {
    /// A group of its own: nothing does.
    Own,
    /// Our group, on our terminal: what the keyboard sends does.
    Ours,
    /// A session on a terminal of its own: nothing does, and new window sizes have to be passed on too.
    OwnTerminal(Terminal),
}

/// Waits for the end of `program`. Every signal that arrives meanwhile reaches it once.
pub(super) fn until_exit(program: Pid, group: &ProcessGroup, signals: &mut Signals) -> Exit {
    let exited = exit_descriptor(program);
    let mut forwarded = Vec::new();
    loop {
        if let Some(exit) = reap(program) {
            signal_orphans(program, group, exit, &forwarded);
            return exit;
        }
        match signals.next_before(exited.as_ref()) {
            Some(arrival) if arrival.signal != Signal::CHILD => {
                forward(arrival, program, group);
                if !forwarded.contains(&arrival.signal) {
                    forwarded.push(arrival.signal);
                }
                stop_with(arrival, group);
            }
            // Some child has ended.
            Some(_) | None => {}
        }
    }
}

/// Becomes readable when `program` has ended: no signal tells us if our parent has blocked SIGCHLD.
#[cfg(target_os = "linux")]
fn exit_descriptor(program: Pid) -> Option<OwnedFd> {
    // Kernels before 5.3 have none, and some sandboxes.
    rustix::process::pidfd_open(program, rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn exit_descriptor(_: Pid) -> Option<OwnedFd> {
    None
}

/// Reaps every child that has ended, since the first process of a container inherits orphans.
fn reap(program: Pid) -> Option<Exit> {
    while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
        if pid == program {
            return Some(exit(status));
        }
    }
    None
}

fn exit(status: WaitStatus) -> Exit {
    match status.terminating_signal() {
        Some(signal) => Exit::Signal(signal),
        None => {
            let code = status
                .exit_status()
                .and_then(|code| u8::try_from(code).ok());
            Exit::Status(code.unwrap_or(u8::MAX))
        }
    }
}

/// A signal that another process sent to us is meant for the program alone; one of the terminal is meant for all
/// processes in its foreground. A program that has ended already is no failure.
fn forward(arrival: Arrival, program: Pid, group: &ProcessGroup) {
    let Arrival { signal, by_system } = arrival;
    let _ = match group {
        ProcessGroup::Ours if by_system => Ok(()),
        ProcessGroup::OwnTerminal(terminal) if signal == Signal::WINCH => {
            terminal.follow_size();
            Ok(())
        }
        ProcessGroup::OwnTerminal(terminal) if by_system => {
            kill_process_group(terminal.foreground().unwrap_or(program), signal)
        }
        ProcessGroup::Own if by_system => kill_process_group(program, signal),
        ProcessGroup::Own | ProcessGroup::Ours | ProcessGroup::OwnTerminal(_) => {
            kill_process(program, signal)
        }
    };
}

/// Stops us as well on a signal that stops the program. A CONT wakes us up, and is forwarded as all signals are.
fn stop_with(arrival: Arrival, group: &ProcessGroup) {
    let stops = [Signal::TSTP, Signal::TTIN, Signal::TTOU].contains(&arrival.signal);
    match group {
        ProcessGroup::OwnTerminal(terminal) if stops => {
            terminal.restore();
            let _ = emulate_default_handler(arrival.signal.as_raw());
        }
        // Another process may have changed the terminal during the pause.
        ProcessGroup::OwnTerminal(terminal) if arrival.signal == Signal::CONT => {
            terminal.make_raw();
        }
        _ if stops => {
            let _ = emulate_default_handler(arrival.signal.as_raw());
        }
        _ => {}
    }
}

/// A shell or a time limit that ended the program meant a whole group: its signal goes to the processes the program
/// leaves behind, so that none of them works on alone.
fn signal_orphans(program: Pid, group: &ProcessGroup, exit: Exit, forwarded: &[Signal]) {
    if let (ProcessGroup::Own, Exit::Signal(number)) = (group, exit)
        && let Some(signal) = forwarded.iter().find(|signal| signal.as_raw() == number)
    {
        let _ = kill_process_group(program, *signal);
    }
}
