//! Shows long texts through a program that turns pages.

use std::ffi::OsString;
use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ksm::environment::{ChildEnvironment, Environment, OwnConfig, names};
use signal_hook::consts::SIGINT;

/// It ends where the text fits, lets colors through, and leaves the text on the screen.
const LESS_OPTIONS: &str = "FRX";

pub(super) struct Pager {
    program: OsString,
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
        let mut words = shlex::split(wanted)?.into_iter();
        let program = words.next().filter(|program| program != "cat")?;
        let mut environment = environment.for_child(OwnConfig::Withheld);
        if environment.get(names::LESS).is_none() {
            environment.set(names::LESS, LESS_OPTIONS);
        }
        Some(Self {
            program: program.into(),
            arguments: words.collect(),
            environment,
        })
    }

    /// Returns when the reader has ended the program; false if it cannot be started.
    pub(super) fn show(&self, text: &str, interrupts: &mut Option<Arc<AtomicBool>>) -> bool {
        let mut command = self.environment.command(&self.program);
        let Ok(mut child) = command.args(&self.arguments).stdin(Stdio::piped()).spawn() else {
            return false;
        };
        let interrupts = interrupts.get_or_insert_with(conditional_interrupts);
        // An interrupt is for the program, which would go on reading keys that the shell waits for.
        interrupts.store(false, Ordering::Relaxed);
        if let Some(mut pipe) = child.stdin.take() {
            // The reader may leave before the end.
            let _ = pipe.write_all(text.as_bytes());
        }
        let _ = child.wait();
        interrupts.store(true, Ordering::Relaxed);
        true
    }
}

fn conditional_interrupts() -> Arc<AtomicBool> {
    let ends_us = Arc::new(AtomicBool::new(true));
    // Without it, an interrupt ends us as it does elsewhere.
    let _ = signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(&ends_us));
    ends_us
}
