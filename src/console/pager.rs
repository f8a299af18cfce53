//! Shows long texts through a program that turns pages.

use std::ffi::OsStr;
use std::io::Write;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use ksm::environment::{ChildEnvironment, Environment, OwnConfig, names};
use ksm::program::{self, Program};
use ksm::signals::{self, Hold};
use signal_hook::consts::SIGINT;

/// It ends where the text fits, lets colors through, and leaves the text on the screen.
const LESS_OPTIONS: &str = "FRX";

pub(super) struct Pager {
    program: Program,
    arguments: Vec<String>,
    environment: ChildEnvironment,
}

impl Pager {
    /// The program of `PAGER`, else `less`. None where `PAGER` is empty or `cat`, or the terminal cannot move its cursor.
    pub(super) fn of(environment: &Environment) -> Option<Self> {
        let wanted = match environment.get(names::PAGER) {
            Some(wanted) => wanted.to_str()?,
            None if environment.text(names::TERM)? == "dumb" => return None,
            None => "less",
        };
        let mut words = program::words(wanted)?.into_iter();
        let name = words.next().filter(|name| name != "cat")?;
        let mut environment = environment.for_child(OwnConfig::Withheld);
        let program = Program::find(OsStr::new(&name), |variable| environment.get(variable));
        let program = program.ok()?;
        if environment.get(names::LESS).is_none() {
            environment.set(names::LESS, LESS_OPTIONS);
        }
        Some(Self {
            program,
            arguments: words.collect(),
            environment,
        })
    }

    /// Returns when the reader has ended the program; false if it cannot be started.
    pub(super) fn show(&self, text: &str) -> bool {
        let mut command = self.program.command(&self.environment);
        let Ok(mut child) = command.args(&self.arguments).stdin(Stdio::piped()).spawn() else {
            return false;
        };
        // Keys are for the program. What ends us waits for its end: it would go on reading keys that the shell waits for,
        // with a terminal that it has changed.
        let keys = KEYS_END_US.get_or_init(keys_end_us);
        keys.store(false, Ordering::Relaxed);
        let hold = Hold::begin();
        if let Some(mut pipe) = child.stdin.take() {
            // The reader may leave before the end.
            let _ = pipe.write_all(text.as_bytes());
        }
        let _ = child.wait();
        keys.store(true, Ordering::Relaxed);
        drop(hold);
        true
    }
}

/// Whether the keys that interrupt and quit end us, from where a pager was first open.
static KEYS_END_US: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// A key that somebody else acts on, or that our parent told us to ignore, is left alone.
fn keys_end_us() -> Arc<AtomicBool> {
    let ends_us = Arc::new(AtomicBool::new(true));
    let is_ignored = ignored();
    for key in KEYS {
        let is_left = key == SIGINT && signals::is_interrupt_left();
        if !is_left && !is_ignored(key) {
            // Without it, the key ends us as it does elsewhere.
            let ends_us = Arc::clone(&ends_us);
            let install = || signal_hook::flag::register_conditional_default(key, ends_us);
            let _ = signals::blocked(install);
        }
    }
    signals::leave_interrupt_to_caller();
    ends_us
}

#[cfg(unix)]
const KEYS: [i32; 2] = [SIGINT, signal_hook::consts::SIGQUIT];
#[cfg(not(unix))]
const KEYS: [i32; 1] = [SIGINT];

#[cfg(target_os = "linux")]
fn ignored() -> impl Fn(i32) -> bool {
    let ignored = signals::IgnoredSignals::of_process();
    move |key| ignored.is_some_and(|ignored| ignored.contains(key))
}

#[cfg(not(target_os = "linux"))]
fn ignored() -> impl Fn(i32) -> bool {
    |_| false
}
