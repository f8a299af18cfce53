//! Reads, writes and waits on descriptors, whether or not they block.

use std::io::{self, PipeReader};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read, write};

pub(super) enum Ready {
    /// There are bytes, or the end of the stream.
    Read,
    /// The program has ended.
    Exit,
    Timeout,
}

/// Writes all of `bytes`, also to a descriptor that another process has made non-blocking.
pub(super) fn write_all(to: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match write(&to, bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let mut polled = [PollFd::new(&to, PollFlags::OUT)];
                uninterrupted(|| poll(&mut polled, None))?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Returns the bytes that were read into `buffer`; none at the end.
pub(super) fn read_some(from: impl AsFd, buffer: &mut [u8]) -> io::Result<&[u8]> {
    let length = loop {
        match read(&from, &mut *buffer) {
            Err(Errno::INTR) => {}
            // A terminal whose other end is closed.
            Err(Errno::IO) => break 0,
            length => break length?,
        }
    };
    Ok(buffer.get(..length).unwrap_or_default())
}

/// Waits for bytes, or for the program's end, which closes the other end of `exited`.
pub(super) fn wait(
    from: impl AsFd,
    exited: &PipeReader,
    timeout: Option<Duration>,
) -> io::Result<Ready> {
    let mut polled = [
        PollFd::new(exited, PollFlags::IN),
        PollFd::new(&from, PollFlags::IN),
    ];
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    uninterrupted(|| poll(&mut polled, timeout.as_ref()))?;
    let [exited, from] = polled.map(|polled| !polled.revents().is_empty());
    Ok(match (exited, from) {
        (true, _) => Ready::Exit,
        (false, true) => Ready::Read,
        (false, false) => Ready::Timeout,
    })
}

/// Waits for the program's end, or until `timeout`.
pub(super) fn pause(exited: &PipeReader, timeout: Duration) -> io::Result<Ready> {
    let mut timeout = timeout;
    Ok(match is_readable(exited, &mut timeout)? {
        true => Ready::Exit,
        false => Ready::Timeout,
    })
}

/// Whether some process can still write to the other end.
pub(super) fn has_writers(from: impl AsFd) -> bool {
    let mut polled = [PollFd::new(&from, PollFlags::IN)];
    let at_once = Timespec::default();
    let polled_well = uninterrupted(|| poll(&mut polled, Some(&at_once))).is_ok();
    let [from] = polled;
    polled_well && !from.revents().contains(PollFlags::HUP)
}

/// Waits for at most `time_left`, and subtracts the time that took.
pub(super) fn is_readable(from: impl AsFd, time_left: &mut Duration) -> io::Result<bool> {
    let before = Instant::now();
    let mut polled = [PollFd::new(&from, PollFlags::IN)];
    let timeout = Timespec::try_from(*time_left).ok();
    let ready = uninterrupted(|| poll(&mut polled, timeout.as_ref()))?;
    *time_left = time_left.saturating_sub(before.elapsed());
    Ok(ready > 0)
}

fn uninterrupted<T>(mut call: impl FnMut() -> rustix::io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            result => return Ok(result?),
        }
    }
}
