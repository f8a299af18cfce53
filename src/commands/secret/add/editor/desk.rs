//! Where a record lies while it is edited: in a private directory, which goes with us, also when a signal ends us. What the
//! editor keeps beside the file goes with it.

use std::path::{Path, PathBuf};

use ksm::exec::files::{self, PrivateDirectory};

use crate::cli::secret::Format;
use crate::failure::Failure;

/// A file that is being edited.
#[derive(Debug)]
pub(super) struct Desk {
    file: PathBuf,
    // After the directory nothing is left to guard.
    _directory: PrivateDirectory,
    #[cfg(unix)]
    guard: guard::Guard,
}

impl Desk {
    /// Puts a text there, in the first of `places` that takes it. What runs that were killed left there goes.
    pub(super) fn lay_out(text: &str, format: Format, places: &[PathBuf]) -> Result<Self, Failure> {
        files::sweep(places);
        let directory = PrivateDirectory::create(places)?;
        #[cfg(unix)]
        let guard = guard::Guard::new(directory.path()).map_err(super::cannot_edit)?;
        let name = match format {
            Format::Json => "record.json",
            Format::Yaml => "record.yaml",
        };
        Ok(Self {
            file: directory.write_as(name, text.as_bytes())?,
            _directory: directory,
            #[cfg(unix)]
            guard,
        })
    }

    /// The file.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Does something during which the keys that interrupt are the editor's.
    pub(super) fn lent<T>(&self, work: impl FnOnce(&Path) -> T) -> T {
        #[cfg(unix)]
        let _lent = self.guard.lend();
        work(&self.file)
    }
}

#[cfg(unix)]
mod guard {
    use std::io;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    /// Waits for signals, removes the directory, and lets them do what they do.
    #[derive(Debug)]
    pub(super) struct Guard {
        lent: Arc<AtomicBool>,
    }

    /// While it lives, the terminal is the editor's.
    pub(super) struct Lent(Arc<AtomicBool>);

    impl Guard {
        pub(super) fn new(directory: &Path) -> io::Result<Self> {
            let lent = Arc::new(AtomicBool::new(false));
            let editing = Arc::clone(&lent);
            let directory = directory.to_owned();
            let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
            thread::Builder::new().spawn(move || {
                for signal in signals.forever() {
                    let is_key = matches!(signal, SIGINT | SIGQUIT);
                    if is_key && editing.load(Ordering::SeqCst) {
                        continue;
                    }
                    let _ = std::fs::remove_dir_all(&directory);
                    let _ = emulate_default_handler(signal);
                    // Only process 1 comes here.
                    std::process::exit(128 + signal);
                }
            })?;
            Ok(Self { lent })
        }

        pub(super) fn lend(&self) -> Lent {
            self.lent.store(true, Ordering::SeqCst);
            Lent(Arc::clone(&self.lent))
        }
    }

    impl Drop for Lent {
        fn drop(&mut self) {
            self.0.store(false, Ordering::SeqCst);
        }
    }
}
