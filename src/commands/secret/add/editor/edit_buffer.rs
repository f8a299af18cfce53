//! The file that is edited. It lies in a private directory that is removed at the end, with whatever the editor keeps
//! beside the file, also when a signal ends the process.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use ksm::private_file::{self, PrivateDirectory};

use crate::cli::secret::Format;
use crate::failure::Result;
use system::Arrivals;

#[derive(Debug)]
pub(super) struct EditBuffer {
    file: PathBuf,
    // Dropped before the guard, which has nothing left to guard then.
    _directory: PrivateDirectory,
    guard: Guard,
}

impl EditBuffer {
    /// Writes `text` in the first of `places` that takes it. Leftovers of killed runs are swept from all.
    pub(super) fn create(text: &str, format: Format, places: &[PathBuf]) -> Result<Self> {
        private_file::sweep(places);
        let directory = PrivateDirectory::create(places)?;
        let guard = Guard::new(directory.path()).map_err(super::cannot_edit)?;
        let name = match format {
            Format::Json => "record.json",
            Format::Yaml => "record.yaml",
        };
        Ok(Self {
            file: directory.write_as(name, text.as_bytes())?,
            _directory: directory,
            guard,
        })
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// During `work` the keys that interrupt are the editor's.
    pub(super) fn while_editing<T>(&self, work: impl FnOnce(&Path) -> T) -> T {
        let _editing = self.guard.editing();
        work(&self.file)
    }
}

/// On a signal or a key of a console, removes the directory and lets that have its default effect.
#[derive(Debug)]
struct Guard {
    editing: Arc<AtomicBool>,
}

/// While it lives, the keys that interrupt are the editor's.
struct Editing(Arc<AtomicBool>);

impl Guard {
    fn new(directory: &Path) -> io::Result<Self> {
        let editing = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&editing);
        let directory = directory.to_owned();
        let mut arrivals = Arrivals::catch()?;
        thread::Builder::new().spawn(move || {
            while let Some(arrival) = arrivals.next() {
                if system::is_key(arrival) && flag.load(Ordering::SeqCst) {
                    continue;
                }
                let _ = std::fs::remove_dir_all(&directory);
                system::end_by(arrival);
            }
        })?;
        Ok(Self { editing })
    }

    fn editing(&self) -> Editing {
        self.editing.store(true, Ordering::SeqCst);
        Editing(Arc::clone(&self.editing))
    }
}

impl Drop for Editing {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use ksm::signals::blocked;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    pub(super) struct Arrivals(Signals);

    impl Arrivals {
        pub(super) fn catch() -> io::Result<Self> {
            blocked(|| Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])).map(Self)
        }

        pub(super) fn next(&mut self) -> Option<i32> {
            self.0.forever().next()
        }
    }

    pub(super) fn is_key(signal: i32) -> bool {
        matches!(signal, SIGINT | SIGQUIT)
    }

    pub(super) fn end_by(signal: i32) {
        let _ = emulate_default_handler(signal);
        // Only process 1 survives a signal's default effect.
        std::process::exit(128 + signal);
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    use ksm::signals::{Arrival, Keys, end_as_interrupted};

    pub(super) struct Arrivals(Keys);

    impl Arrivals {
        pub(super) fn catch() -> io::Result<Self> {
            Keys::catch().map(Self)
        }

        pub(super) fn next(&mut self) -> Option<Arrival> {
            self.0.wait().ok()
        }
    }

    pub(super) fn is_key(arrival: Arrival) -> bool {
        arrival == Arrival::Key
    }

    pub(super) fn end_by(_: Arrival) {
        end_as_interrupted();
    }
}
