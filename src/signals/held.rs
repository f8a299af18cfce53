//! Signals on Linux, where a process knows which of them it is to ignore.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::emulate_default_handler;

use super::{IgnoredSignals, blocked};

/// Installed by the first save and kept: a handler cannot be taken back, so between saves it does the default.
static HANDLERS: OnceLock<Handlers> = OnceLock::new();
static DRAFTS: AtomicUsize = AtomicUsize::new(0);
/// A bit for each signal that is the caller's.
static LEFT: AtomicU64 = AtomicU64::new(0);

struct Handlers(Vec<Handler>);

struct Handler {
    signal: i32,
    /// Whether the signal has its default effect.
    idle: Arc<AtomicBool>,
    arrived: Arc<AtomicBool>,
}

impl Handler {
    fn is_left(&self) -> bool {
        LEFT.load(Ordering::SeqCst) & bit(self.signal) != 0
    }
}

fn bit(signal: i32) -> u64 {
    1 << (signal - 1)
}

impl Handlers {
    fn install() -> Self {
        let ignored = IgnoredSignals::of_process();
        let handlers = [SIGHUP, SIGINT, SIGTERM]
            .into_iter()
            // Without /proc nobody tells. What is ignored must stay so, but process 1 has to end.
            .filter(|signal| !ignored.map_or(!is_init(), |ignored| ignored.contains(*signal)))
            .filter_map(|signal| {
                let handler = Handler {
                    signal,
                    idle: Arc::default(),
                    arrived: Arc::default(),
                };
                handler.idle.store(!handler.is_left(), Ordering::SeqCst);
                flag::register(signal, Arc::clone(&handler.arrived)).ok()?;
                end_by(signal, Arc::clone(&handler.idle)).ok()?;
                Some(handler)
            })
            .collect();
        Self(handlers)
    }
}

/// While one of these lives, INT, TERM and HUP wait; those our parent told us to ignore stay ignored.
#[derive(Debug)]
pub struct Hold(());

impl Hold {
    pub fn begin() -> Self {
        let handlers = HANDLERS.get_or_init(|| blocked(Handlers::install));
        DRAFTS.fetch_add(1, Ordering::SeqCst);
        for handler in &handlers.0 {
            handler.idle.store(false, Ordering::SeqCst);
        }
        Self(())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let last = DRAFTS.fetch_sub(1, Ordering::SeqCst) == 1;
        let Some(handlers) = HANDLERS.get() else {
            return;
        };
        if !last {
            return;
        }
        let ours = || handlers.0.iter().filter(|handler| !handler.is_left());
        // Idle first: a signal that comes between the two loops then ends us by itself.
        for handler in ours() {
            handler.idle.store(true, Ordering::SeqCst);
        }
        for Handler {
            signal, arrived, ..
        } in ours()
        {
            if arrived.swap(false, Ordering::SeqCst) {
                let _ = emulate_default_handler(*signal);
                // Only process 1 comes here.
                std::process::exit(status(*signal));
            }
        }
    }
}

/// Lets signals end us even as process 1, which the system spares: a container is stopped while we wait for an
/// answer, too. Elsewhere there is nothing to do.
pub fn end_as_init() {
    if is_init() {
        HANDLERS.get_or_init(|| blocked(Handlers::install));
    }
}

fn is_init() -> bool {
    std::process::id() == 1
}

/// The action of the signal while no draft exists.
fn end_by(signal: i32, idle: Arc<AtomicBool>) -> std::io::Result<signal_hook::SigId> {
    if is_init() {
        flag::register_conditional_shutdown(signal, status(signal), idle)
    } else {
        flag::register_conditional_default(signal, idle)
    }
}

/// How a shell tells that a signal ended a program.
fn status(signal: i32) -> i32 {
    128 + signal
}

/// Turns these handlers off for good, for a command that saves first and handles signals itself afterwards. The
/// caller's handlers have to be there already, since a signal in between would be lost. Returns a signal that
/// waited for the end of a save: the caller has to handle it, too.
pub fn leave_to_caller() -> Option<i32> {
    leave(&[SIGHUP, SIGINT, SIGTERM])
}

/// The same for SIGINT alone.
pub fn leave_interrupt_to_caller() {
    leave(&[SIGINT]);
}

/// Whether somebody else acts on SIGINT.
pub fn is_interrupt_left() -> bool {
    LEFT.load(Ordering::SeqCst) & bit(SIGINT) != 0
}

fn leave(signals: &[i32]) -> Option<i32> {
    let bits = signals.iter().map(|signal| bit(*signal)).sum();
    LEFT.fetch_or(bits, Ordering::SeqCst);
    let mut waited = None;
    for handler in &HANDLERS.get()?.0 {
        if signals.contains(&handler.signal) {
            handler.idle.store(false, Ordering::SeqCst);
            if handler.arrived.swap(false, Ordering::SeqCst) {
                waited.get_or_insert(handler.signal);
            }
        }
    }
    waited
}
