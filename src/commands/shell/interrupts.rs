//! Ctrl-C on the terminal of a shell: it ends the command that runs, and not the shell.

use std::io;
use std::task::{Context, Waker};

#[cfg(windows)]
use tokio::signal::windows::{CtrlC as Signal, ctrl_c as listen};

use ksm::signals;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

#[cfg(unix)]
fn listen() -> io::Result<Signal> {
    signal(SignalKind::interrupt())
}

pub(super) struct Interrupts(Signal);

impl Interrupts {
    /// From now on the key ends programs that were started, but not us.
    pub(super) fn take() -> io::Result<Self> {
        let signal = signals::blocked(listen)?;
        signals::leave_interrupt_to_caller();
        Ok(Self(signal))
    }

    /// Waits for the key. What was pressed before, while a program ran, does not count.
    pub(super) async fn next(&mut self) {
        let _ = self.0.poll_recv(&mut Context::from_waker(Waker::noop()));
        self.0.recv().await;
    }
}
