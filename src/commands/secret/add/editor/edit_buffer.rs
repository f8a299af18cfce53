//! The file that is edited. It lies in a private directory that is removed at the end, with whatever the editor keeps
//! beside the file, also when a signal ends the process.

use std::path::{Path, PathBuf};

use ksm::private_file::{self, PrivateDirectory};

use crate::cli::secret::Format;
use crate::failure::Result;

#[derive(Debug)]
pub(super) struct EditBuffer {
    file: PathBuf,
    // Dropped before the guard, which has nothing left to guard then.
    _directory: PrivateDirectory,
    #[cfg(unix)]
    guard: guard::Guard,
}

impl EditBuffer {
    /// Writes `text` in the first of `places` that takes it. Leftovers of killed runs are swept from all.
    pub(super) fn create(text: &str, format: Format, places: &[PathBuf]) -> Result<Self> {
        private_file::sweep(places);
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

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// During `work` the keys that interrupt are the editor's.
    pub(super) fn while_editing<T>(&self, work: impl FnOnce(&Path) -> T) -> T {
        #[cfg(unix)]
        let _editing = self.guard.editing();
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

    /// On a signal, removes the directory and lets the signal have its default effect.
    #[derive(Debug)]
    pub(super) struct Guard {
        editing: Arc<AtomicBool>,
    }

    /// While it lives, the keys that interrupt are the editor's.
    pub(super) struct Editing(Arc<AtomicBool>);

    impl Guard {
        pub(super) fn new(directory: &Path) -> io::Result<Self> {
            let editing = Arc::new(AtomicBool::new(false));
            let flag = Arc::clone(&editing);
            let directory = directory.to_owned();
            let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
            thread::Builder::new().spawn(move || {
                for signal in signals.forever() {
                    let is_key = matches!(signal, SIGINT | SIGQUIT);
                    if is_key && flag.load(Ordering::SeqCst) {
                        continue;
                    }
                    let _ = std::fs::remove_dir_all(&directory);
                    let _ = emulate_default_handler(signal);
                    // Only process 1 survives a signal's default effect.
                    std::process::exit(128 + signal);
                }
            })?;
            Ok(Self { editing })
        }

        pub(super) fn editing(&self) -> Editing {
            self.editing.store(true, Ordering::SeqCst);
            Editing(Arc::clone(&self.editing))
        }
    }

    impl Drop for Editing {
        fn drop(&mut self) {
            self.0.store(false, Ordering::SeqCst);
        }
    }
}
