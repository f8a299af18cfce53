//! What ends programs on Windows: the keys Ctrl-C and Ctrl-Break of a console, its end, and that of the session. All programs
//! of the console get it.

use std::future::poll_fn;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close,
    ctrl_logoff, ctrl_shutdown,
};

/// The status of a program that Ctrl-C ended.
const ENDED: u32 = 0xC000_013A;

/// While it lives, none of it ends us. After an end of the console or the session the system still does so, after some
/// seconds.
#[derive(Debug)]
pub struct Keys {
    c: CtrlC,
    pause: CtrlBreak,
    close: CtrlClose,
    logoff: CtrlLogoff,
    shutdown: CtrlShutdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    Key,
    /// Of the console or the session.
    End,
}

impl Keys {
    pub fn catch() -> io::Result<Self> {
        Ok(Self {
            c: ctrl_c()?,
            pause: ctrl_break()?,
            close: ctrl_close()?,
            logoff: ctrl_logoff()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// Waits for the next.
    pub async fn next(&mut self) -> Arrival {
        poll_fn(|context| self.poll(context)).await
    }

    /// The same on a thread of its own.
    pub fn wait(&mut self) -> io::Result<Arrival> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        Ok(runtime.block_on(self.next()))
    }

    fn were_pressed(&mut self) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        self.poll(&mut context).is_ready()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Arrival> {
        let keys = [self.c.poll_recv(context), self.pause.poll_recv(context)];
        let ends = [
            self.close.poll_recv(context),
            self.logoff.poll_recv(context),
            self.shutdown.poll_recv(context),
        ];
        if ends.iter().any(Poll::is_ready) {
            Poll::Ready(Arrival::End)
        } else if keys.iter().any(Poll::is_ready) {
            Poll::Ready(Arrival::Key)
        } else {
            Poll::Pending
        }
    }
}

/// Ends this process as the keys do, running no destructors.
pub fn end_as_interrupted() -> ! {
    std::process::exit(ENDED.cast_signed())
}

struct Held {
    holds: usize,
    keys: Option<Keys>,
    is_left: bool,
    is_interrupt_left: bool,
}

static HELD: Mutex<Held> = Mutex::new(Held {
    holds: 0,
    keys: None,
    is_left: false,
    is_interrupt_left: false,
});

fn held() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While one of these lives, the keys wait.
#[derive(Debug)]
pub struct Hold(());

impl Hold {
    pub fn begin() -> Self {
        let mut held = held();
        held.holds += 1;
        if held.keys.is_none() && !held.is_left {
            held.keys = Keys::catch().ok();
        }
        Self(())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut held = held();
        held.holds -= 1;
        if held.holds > 0 {
            return;
        }
        let keys = held.keys.take();
        if keys.is_some_and(|mut keys| keys.were_pressed()) && !held.is_interrupt_left {
            drop(held);
            end_as_interrupted();
        }
    }
}

/// Gives the keys up for good to the caller, who catches them already. Returns a signal, by its number on Unix, if one
/// waited.
pub fn leave_to_caller() -> Option<i32> {
    let mut held = held();
    held.is_left = true;
    let keys = held.keys.take();
    keys.is_some_and(|mut keys| keys.were_pressed())
        .then_some(signal_hook::consts::SIGINT)
}

/// The same, where nothing waited.
pub fn leave_interrupt_to_caller() {
    held().is_interrupt_left = true;
}

/// Whether somebody else acts on Ctrl-C.
pub fn is_interrupt_left() -> bool {
    held().is_interrupt_left
}
