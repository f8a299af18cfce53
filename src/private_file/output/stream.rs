//! Writing through what is no regular file: devices, FIFOs, what is open already.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::{Output, Shown};
use crate::limits;
use crate::private_file::Error;
#[cfg(unix)]
use crate::private_file::facts::Facts;
use crate::private_file::facts::Kind;

/// Between looks for a reader of a FIFO.
const PAUSE: Duration = Duration::from_millis(50);

impl Output {
    pub(super) fn write_through(&self, contents: &[u8], shown: Shown) -> Result<(), Error> {
        let failed = || Error::io("write", &self.path);
        let mut open = self.open_through().map_err(failed())?;
        if !self.place.is_open_already && self.is_another(&open).map_err(failed())? {
            return Err(Error::Changed {
                path: self.path.clone(),
            });
        }
        wait_again(&open).map_err(failed())?;
        let written = match open.is_terminal() {
            true => open.write_all(&shown(contents)),
            false => open.write_all(contents),
        };
        written.map_err(failed())
    }

    /// Whether the file is not the one that was judged.
    #[cfg(unix)]
    fn is_another(&self, open: &File) -> io::Result<bool> {
        let found = Facts::of(open)?;
        Ok(self.place.found.is_none_or(|old| !old.is_same(&found)))
    }

    /// Nothing tells devices apart there.
    #[cfg(not(unix))]
    fn is_another(&self, _: &File) -> io::Result<bool> {
        Ok(false)
    }

    /// A FIFO is waited for as long as one that is read.
    fn open_through(&self) -> io::Result<File> {
        let until = Instant::now() + limits::PIPE;
        let is_fifo = self
            .place
            .found
            .is_some_and(|found| found.kind == Kind::Fifo);
        loop {
            let open = self
                .place
                .directory
                .open_to_append(&self.place.name, self.place.is_open_already);
            match open {
                Err(reason) if is_fifo && is_without_reader(&reason) && Instant::now() < until => {
                    std::thread::sleep(PAUSE);
                }
                opened => return opened,
            }
        }
    }
}

#[cfg(unix)]
fn is_without_reader(reason: &io::Error) -> bool {
    reason.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error())
}

/// A reader may be slow.
#[cfg(unix)]
fn wait_again(open: &File) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(open)?;
    Ok(rustix::fs::fcntl_setfl(
        open,
        flags - rustix::fs::OFlags::NONBLOCK,
    )?)
}

#[cfg(not(unix))]
fn is_without_reader(_: &io::Error) -> bool {
    false
}

#[cfg(not(unix))]
fn wait_again(_: &File) -> io::Result<()> {
    Ok(())
}
