//! A terminal at a prompt, which the editor of lines changes: a signal that ends the shell there gives it back first.

#[cfg(not(target_os = "linux"))]
#[derive(Default)]
pub(super) struct PromptGuard;

#[cfg(not(target_os = "linux"))]
impl PromptGuard {
    pub(super) fn watch() -> Self {
        Self
    }

    /// The editor gives the terminal back, except where a signal ends the shell.
    pub(super) fn during<T>(&self, prompt: impl FnOnce() -> T) -> T {
        prompt()
    }
}

#[cfg(target_os = "linux")]
pub(super) use linux::PromptGuard;

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, Read};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use ksm::signals::{Hold, IgnoredSignals, blocked};
    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
    use signal_hook::consts::{SIGHUP, SIGTERM};
    use signal_hook::low_level::{emulate_default_handler, pipe};

    #[derive(Default)]
    pub(in crate::commands) struct PromptGuard(Arc<AtomicBool>);

    impl PromptGuard {
        /// Watches for signals that our parent did not tell us to ignore. Without a thread or a terminal nothing is
        /// watched.
        pub(in crate::commands) fn watch() -> Self {
            let guard = Self::default();
            // A signal that is held ends us after the prompt, or here.
            let hold = Hold::begin();
            if let (Ok(settings), Some(ignored)) =
                (tcgetattr(io::stdin()), IgnoredSignals::of_process())
            {
                for signal in [SIGHUP, SIGTERM] {
                    if !ignored.contains(signal) {
                        let _ = guard.watch_for(signal, settings.clone());
                    }
                }
            }
            drop(hold);
            guard
        }

        fn watch_for(&self, signal: i32, settings: Termios) -> io::Result<()> {
            let (mut arrivals, arrival) = io::pipe()?;
            blocked(|| pipe::register(signal, arrival))?;
            let is_prompting = Arc::clone(&self.0);
            let watch = move || {
                while arrivals.read(&mut [0]).is_ok_and(|count| count > 0) {
                    if is_prompting.load(Ordering::SeqCst) {
                        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &settings);
                        let _ = emulate_default_handler(signal);
                        // Only process 1 comes here.
                        std::process::exit(128 + signal);
                    }
                }
            };
            thread::Builder::new().spawn(watch).map(drop)
        }

        /// While `prompt` runs, signals wait for the terminal.
        pub(in crate::commands) fn during<T>(&self, prompt: impl FnOnce() -> T) -> T {
            let hold = Hold::begin();
            self.0.store(true, Ordering::SeqCst);
            let answered = prompt();
            self.0.store(false, Ordering::SeqCst);
            drop(hold);
            answered
        }
    }
}
