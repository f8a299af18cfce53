//! Stands between the outside and a running program: passes signals on, buries the dead, and tells the end.

use std::os::fd::OwnedFd;

use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, kill_process, kill_process_group, wait,
};
use signal_hook::low_level::emulate_default_handler;

use super::exit::Exit;
use super::pty::Terminal;
use super::signals::{Arrival, Signals};

/// Where the program stands, which decides what reaches it without us.
pub(super) enum Standing {
    /// In a process group of its own: nothing does.
    Apart,
    /// In our process group, on our terminal: the keyboard does.
    Beside,
    /// In a session on a terminal of its own: nothing does, and window sizes are our errand too.
    Within(Terminal),
}

/// Waits for the end of `program`. Every signal that arrives meanwhile reaches it once.
pub(super) fn until_end(program: Pid, standing: &Standing, signals: &mut Signals) -> Exit {
    let handle = handle(program);
    let mut passed_on = Vec::new();
    loop {
        if let Some(ended) = reap(program) {
            follow_up(program, standing, ended, &passed_on);
            return ended;
        }
        match signals.next_before(handle.as_ref()) {
            Some(arrival) if arrival.signal != Signal::CHILD => {
                deliver(arrival, program, standing);
                if !passed_on.contains(&arrival.signal) {
                    passed_on.push(arrival.signal);
                }
                pause_with(arrival, standing);
            }
            // Somebody has ended.
            Some(_) | None => {}
        }
    }
}

/// Something that can be read when `program` has ended: no signal tells us if whoever started us has blocked SIGCHLD.
#[cfg(target_os = "linux")]
fn handle(program: Pid) -> Option<OwnedFd> {
    // Kernels before 5.3 have none, and some sandboxes.
    rustix::process::pidfd_open(program, rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn handle(_: Pid) -> Option<OwnedFd> {
    None
}

/// Reaps whoever has ended: to the first process of a container, orphans of all kinds are handed.
fn reap(program: Pid) -> Option<Exit> {
    while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
        if pid == program {
            return Some(ended(status));
        }
    }
    None
}

fn ended(status: WaitStatus) -> Exit {
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

/// A signal that some process sent to us is for the one program that stands in our place; what a terminal sends is for
/// all that run in its foreground. That the program is gone already is no failure.
fn deliver(arrival: Arrival, program: Pid, standing: &Standing) {
    let Arrival { signal, by_system } = arrival;
    let _ = match standing {
        Standing::Beside if by_system => Ok(()),
        Standing::Within(terminal) if signal == Signal::WINCH => {
            terminal.follow_size();
            Ok(())
        }
        Standing::Within(terminal) if by_system => {
            kill_process_group(terminal.foreground().unwrap_or(program), signal)
        }
        Standing::Apart if by_system => kill_process_group(program, signal),
        Standing::Apart | Standing::Beside | Standing::Within(_) => kill_process(program, signal),
    };
}

/// Whoever stops us stops both. We wake up to a CONT, which is passed on as all signals are.
fn pause_with(arrival: Arrival, standing: &Standing) {
    let stops = [Signal::TSTP, Signal::TTIN, Signal::TTOU].contains(&arrival.signal);
    match standing {
        Standing::Within(terminal) if stops => {
            terminal.lend_back();
            let _ = emulate_default_handler(arrival.signal.as_raw());
        }
        // After a pause of any kind somebody else may have had the terminal.
        Standing::Within(terminal) if arrival.signal == Signal::CONT => terminal.take(),
        _ if stops => {
            let _ = emulate_default_handler(arrival.signal.as_raw());
        }
        _ => {}
    }
}

/// What ended the program was meant for a whole group when a shell or a time limit sent it: it goes to the processes
/// the program leaves behind, so that none of them works on alone.
fn follow_up(program: Pid, standing: &Standing, ended: Exit, passed_on: &[Signal]) {
    if let (Standing::Apart, Exit::Signal(number)) = (standing, ended)
        && let Some(signal) = passed_on.iter().find(|signal| signal.as_raw() == number)
    {
        let _ = kill_process_group(program, *signal);
    }
}
