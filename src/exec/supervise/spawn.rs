//! Starts a program in our process group, where keys reach it before it runs.

use std::io;
use std::process::{Child, Command};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::Builder;
use std::time::Duration;

/// Longer than a start takes that nothing stops.
const START: Duration = Duration::from_millis(20);

/// Starts a program that a key may stop before it runs. The C library has every signal wait until just before the child
/// becomes the program, and meanwhile has us wait for it as nobody can who is to stop, too. So such a child goes on, and
/// the signal is passed on to the program.
pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
    let (starting, started) = mpsc::channel::<()>();
    let watch = move || {
        while started.recv_timeout(START) == Err(RecvTimeoutError::Timeout) {
            wake_stopped();
        }
    };
    // Without a thread the key is dangerous, and nothing else.
    let _ = Builder::new().spawn(watch);
    let child = command.spawn();
    drop(starting);
    child
}

#[cfg(target_os = "linux")]
fn wake_stopped() {
    use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
    use rustix::process::{Pid, Signal, kill_process};

    // What is only looked at is told to who waits for it, too.
    let look = WaitPidFlag::WSTOPPED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    if let Ok(WaitStatus::Stopped(child, _)) = waitid(Id::All, look)
        && let Some(child) = Pid::from_raw(child.as_raw())
    {
        let _ = kill_process(child, Signal::CONT);
    }
}

// Elsewhere starting a program is one system call.
#[cfg(not(target_os = "linux"))]
fn wake_stopped() {}
