//! The life of a running program (supervision 2): what each signal does, and what follows when it stops or ends.

use std::os::fd::{AsFd, OwnedFd};

use rustix::process::{
    Pid, Signal, WaitOptions, WaitStatus, getpid, getsid, kill_process, kill_process_group, wait,
};

use super::exit::Exit;
use super::pty::Terminal;
use super::signals::{Arrival, Signals};

/// Where the program runs, which decides what reaches it without us.
pub(super) enum Place {
    /// A process group of its own, without a terminal: nothing does.
    OwnGroup,
    /// Our process group, on our terminal: what the keyboard sends does. Its output may go to a terminal that we made.
    OurGroup(Option<Terminal>),
    /// A session on a terminal that we made: nothing does.
    OwnSession(Terminal),
}

pub(super) struct Life {
    program: Pid,
    place: Place,
    signals: Signals,
    /// What was passed on.
    passed: Vec<Signal>,
    /// Whether the signals that wait may have come before there was a program.
    starting: bool,
}

/// Why the wait for delivered output ended.
pub(super) enum Delivery {
    Done,
    /// A signal that ends programs came while some of it still waited for its reader.
    Interrupted(Signal),
}

enum Change {
    Stopped,
    Ended(Exit),
}

impl Life {
    pub(super) fn new(program: Pid, place: Place, signals: Signals) -> Self {
        Self {
            program,
            place,
            signals,
            passed: Vec::new(),
            starting: true,
        }
    }

    /// Waits for the end of the program. Every signal that arrives meanwhile reaches it once.
    pub(super) fn until_exit(&mut self) -> Exit {
        let exited = exit_descriptor(self.program);
        loop {
            // Signals first: the CONT that woke us has to reach the program before we look whether that is stopped.
            for arrival in self.signals.arrived() {
                self.pass_on(arrival);
            }
            self.starting = false;
            match self.change() {
                Some(Change::Ended(exit)) => {
                    self.signal_orphans(exit);
                    return exit;
                }
                Some(Change::Stopped) if self.stops_with_program() => self.stop(),
                Some(Change::Stopped) => {}
                None => drop(self.signals.wait(exited.as_ref())),
            }
        }
    }

    /// Waits, after the program's end, until `delivered` shows that all its output is delivered, or until a signal says
    /// that this is long enough.
    pub(super) fn until_delivered(&mut self, delivered: impl AsFd) -> Delivery {
        loop {
            for Arrival { signal, .. } in self.signals.arrived() {
                if stops(signal) {
                    self.stop();
                } else if signal == Signal::CONT {
                    self.resume();
                } else if ends_by_default(signal) {
                    return Delivery::Interrupted(signal);
                }
            }
            while let Ok(Some(_)) = wait(WaitOptions::NOHANG) {}
            if self.signals.wait(Some(&delivered)) {
                return Delivery::Done;
            }
        }
    }

    /// A signal that another process sent to us is meant for the program alone; one of the terminal is meant for all
    /// processes in its foreground. A program that has ended already is no failure.
    fn pass_on(&mut self, Arrival { signal, by_system }: Arrival) {
        let resized = signal == Signal::WINCH && self.follow_size();
        if signal == Signal::CONT {
            self.resume();
        }
        let program = self.program;
        match &self.place {
            Place::OurGroup(_) if by_system => {
                // A terminal that goes away tells the leader of its session only. A new size that we set came too late
                // for a program that the terminal has told. Twice is better than never.
                let leads = signal == Signal::HUP && getsid(None) == Ok(getpid());
                if leads || resized || self.starting {
                    let _ = kill_process(program, signal);
                }
            }
            Place::OwnSession(terminal) => {
                let foreground = terminal.foreground().unwrap_or(program);
                pass_into_session(program, foreground, signal, by_system, resized);
            }
            Place::OwnGroup if by_system => drop(kill_process_group(program, signal)),
            Place::OwnGroup | Place::OurGroup(_) => drop(kill_process(program, signal)),
        }
        if !self.passed.contains(&signal) {
            self.passed.push(signal);
        }
        // The system sends these to a process that uses its terminal from the background, as often as that tries.
        if by_system && [Signal::TTIN, Signal::TTOU].contains(&signal) {
            self.stop();
        }
    }

    /// Reaps every child that has ended, since the first process of a container inherits orphans.
    fn change(&self) -> Option<Change> {
        loop {
            match wait(WaitOptions::NOHANG | WaitOptions::UNTRACED) {
                Ok(Some((pid, status))) if pid == self.program => return Some(change(status)),
                Ok(Some(_)) => {}
                Ok(None) => return None,
                // No child is left: its end is all that is known of it.
                Err(_) => return Some(Change::Ended(Exit::Status(u8::MAX.into()))),
            }
        }
    }

    /// Without a terminal nobody waits for a stopped job; there we stop only if we were told to.
    fn stops_with_program(&self) -> bool {
        let was_told = self.passed.iter().any(|signal| stops(*signal));
        was_told || !matches!(self.place, Place::OwnGroup)
    }

    /// Stops this process until somebody sends it a CONT, which is then in the queue. Nothing stops process 1.
    fn stop(&self) {
        if getpid() == Pid::INIT {
            return;
        }
        if let Some(terminal) = self.place.terminal() {
            terminal.settle();
            terminal.restore();
        }
        let _ = kill_process(getpid(), Signal::STOP);
    }

    /// Another process may have changed our terminal during the pause.
    fn resume(&self) {
        if let Some(terminal) = self.place.terminal() {
            terminal.make_raw();
            terminal.follow_size();
        }
    }

    fn follow_size(&self) -> bool {
        self.place.terminal().is_some_and(Terminal::follow_size)
    }

    /// A shell or a time limit that ended the program meant a whole group: its signal goes to the processes the program
    /// leaves behind, so that none of them works on alone.
    fn signal_orphans(&self, exit: Exit) {
        if let (Place::OwnGroup, Exit::Signal(number)) = (&self.place, exit)
            && let Some(signal) = self.passed.iter().find(|signal| signal.as_raw() == number)
        {
            let _ = kill_process_group(self.program, *signal);
        }
    }
}

impl Place {
    fn terminal(&self) -> Option<&Terminal> {
        match self {
            Self::OwnGroup => None,
            Self::OurGroup(terminal) => terminal.as_ref(),
            Self::OwnSession(terminal) => Some(terminal),
        }
    }
}

/// `program` leads the session, and its parent is outside: the system lets no signal but STOP stop its group.
fn pass_into_session(
    program: Pid,
    foreground: Pid,
    signal: Signal,
    by_system: bool,
    resized: bool,
) {
    let both = |signal| {
        let _ = kill_process_group(program, signal);
        if foreground != program {
            let _ = kill_process_group(foreground, signal);
        }
    };
    match signal {
        // The system has told it.
        Signal::WINCH if resized => {}
        Signal::CONT => both(signal),
        _ if stops(signal) => both(Signal::STOP),
        // A stopped process does not end by this before it goes on.
        Signal::HUP if by_system => {
            both(signal);
            both(Signal::CONT);
        }
        _ if by_system => drop(kill_process_group(foreground, signal)),
        _ => drop(kill_process(program, signal)),
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

fn change(status: WaitStatus) -> Change {
    if status.stopped() {
        return Change::Stopped;
    }
    Change::Ended(match status.terminating_signal() {
        Some(signal) => Exit::Signal(signal),
        None => {
            let code = status.exit_status().map(i32::cast_unsigned);
            Exit::Status(code.unwrap_or(u8::MAX.into()))
        }
    })
}

fn stops(signal: Signal) -> bool {
    [Signal::TSTP, Signal::TTIN, Signal::TTOU].contains(&signal)
}

fn ends_by_default(signal: Signal) -> bool {
    let harmless = [Signal::CHILD, Signal::CONT, Signal::URG, Signal::WINCH];
    !harmless.contains(&signal) && !stops(signal)
}
