//! Carries bytes from one descriptor to another while a program runs, and what is left of them when it has ended.

use std::io::{self, PipeReader};
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionread, read, write};

use super::output::Stream;
use crate::exec::mask::Masker;
use crate::sensitive::Sensitive;

/// How long a terminal may be kept waiting for text that could become a secret (decision D25).
const MOMENT: Duration = Duration::from_millis(100);

/// Few system calls for much output.
const CHUNK: usize = 1 << 18;

/// What a terminal holds at most of what was written and not read yet, in bytes: Linux's limit for one.
const BACKLOG: u64 = 640 << 10;

/// Where the output of a program comes from. Processes that it leaves behind may hold either open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The terminal we made for it.
    Terminal,
    /// A pipe, which tells how much is in it.
    Pipe,
}

/// One stream of output.
pub(super) struct Relay {
    pub(super) source: Source,
    pub(super) from: OwnedFd,
    /// `None`: it is kept.
    pub(super) to: Option<Stream>,
    pub(super) ended: PipeReader,
    pub(super) masker: Option<Masker>,
}

enum Ready {
    Bytes,
    End,
    Nothing,
}

impl Relay {
    /// Works until the end of the stream, or of the program and all that it wrote. Gives what is to be kept, and says
    /// whether all of the rest was written.
    pub(super) fn run(mut self) -> (Sensitive<Vec<u8>>, io::Result<()>) {
        if self.source == Source::Pipe {
            widen(&self.from);
        }
        let mut kept = Sensitive::default();
        let carried = self.carry(kept.expose_mut());
        // Without a reader the relay ends; a program that goes on writing to a pipe meets that as its own.
        if carried.is_err() && self.source == Source::Terminal {
            self.discard();
        }
        (kept, carried)
    }

    fn carry(&mut self, kept: &mut Vec<u8>) -> io::Result<()> {
        let mut chunk = Sensitive::new(vec![0; CHUNK]);
        let chunk = chunk.expose_mut();
        loop {
            let patience = match &self.masker {
                Some(masker) if masker.holds() && self.source == Source::Terminal => Some(MOMENT),
                _ => None,
            };
            match wait(&self.from, &self.ended, patience)? {
                Ready::Bytes => match receive(&self.from, chunk)? {
                    [] => break,
                    bytes => self.pass(bytes, kept)?,
                },
                Ready::Nothing => self.release(kept)?,
                Ready::End => {
                    self.drain(chunk, kept)?;
                    break;
                }
            }
        }
        self.release(kept)
    }

    /// Takes what the program wrote before its end, and not what others may go on writing.
    fn drain(&mut self, chunk: &mut [u8], kept: &mut Vec<u8>) -> io::Result<()> {
        let (mut left, mut patience) = match self.source {
            Source::Pipe => (ioctl_fionread(&self.from)?, Duration::ZERO),
            // What was written arrives a little later.
            Source::Terminal => (BACKLOG, MOMENT),
        };
        while left > 0 && is_readable(&self.from, &mut patience)? {
            let most = usize::try_from(left).unwrap_or(usize::MAX);
            let room = most.min(chunk.len());
            let bytes = match chunk.get_mut(..room) {
                Some(room) => receive(&self.from, room)?,
                None => &[],
            };
            if bytes.is_empty() {
                break;
            }
            left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            self.pass(bytes, kept)?;
        }
        Ok(())
    }

    fn pass(&mut self, bytes: &[u8], kept: &mut Vec<u8>) -> io::Result<()> {
        match &mut self.masker {
            Some(masker) => {
                let shown = masker.push(bytes);
                deliver(self.to, shown, kept)
            }
            None => deliver(self.to, bytes, kept),
        }
    }

    fn release(&mut self, kept: &mut Vec<u8>) -> io::Result<()> {
        match &mut self.masker {
            Some(masker) => {
                let shown = masker.release();
                deliver(self.to, shown, kept)
            }
            None => Ok(()),
        }
    }

    /// Nobody looks at our terminal any more; the program is not to wait for it.
    fn discard(&self) {
        let mut chunk = [0; 4096];
        while let Ok(Ready::Bytes) = wait(&self.from, &self.ended, None) {
            if !matches!(receive(&self.from, &mut chunk), Ok([_, ..])) {
                return;
            }
        }
    }
}

/// Types what comes from our keyboard into the program's terminal.
pub(super) fn type_into(master: &OwnedFd, ended: &PipeReader) {
    let mut keys = Sensitive::new(vec![0; 4096]);
    while let Ok(Ready::Bytes) = wait(rustix::stdio::stdin(), ended, None) {
        match receive(rustix::stdio::stdin(), keys.expose_mut()) {
            Ok(bytes @ [_, ..]) if write_all(master, bytes).is_ok() => {}
            _ => return,
        }
    }
}

fn deliver(to: Option<Stream>, bytes: &[u8], kept: &mut Vec<u8>) -> io::Result<()> {
    match to {
        Some(stream) => write_all(stream.fd(), bytes),
        None => {
            kept.extend_from_slice(bytes);
            Ok(())
        }
    }
}

/// Writes all of it, also to a descriptor that another process has told not to wait.
pub(super) fn write_all(to: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match write(&to, bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let mut polled = [PollFd::new(&to, PollFlags::OUT)];
                interruptible(|| poll(&mut polled, None))?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Empty at the end.
fn receive(from: impl AsFd, room: &mut [u8]) -> io::Result<&[u8]> {
    let taken = loop {
        match read(&from, &mut *room) {
            Err(Errno::INTR) => {}
            // How a terminal tells that its other end is closed.
            Err(Errno::IO) => break 0,
            taken => break taken?,
        }
    };
    Ok(room.get(..taken).unwrap_or_default())
}

fn wait(from: impl AsFd, ended: &PipeReader, patience: Option<Duration>) -> io::Result<Ready> {
    let mut polled = [
        PollFd::new(ended, PollFlags::IN),
        PollFd::new(&from, PollFlags::IN),
    ];
    let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
    interruptible(|| poll(&mut polled, timeout.as_ref()))?;
    let [ended, from] = polled.map(|polled| !polled.revents().is_empty());
    Ok(match (ended, from) {
        (true, _) => Ready::End,
        (false, true) => Ready::Bytes,
        (false, false) => Ready::Nothing,
    })
}

/// Waits as long as there is patience left, and takes from it what that took.
fn is_readable(from: impl AsFd, patience: &mut Duration) -> io::Result<bool> {
    let before = Instant::now();
    let mut polled = [PollFd::new(&from, PollFlags::IN)];
    let timeout = Timespec::try_from(*patience).ok();
    let ready = interruptible(|| poll(&mut polled, timeout.as_ref()))?;
    *patience = patience.saturating_sub(before.elapsed());
    Ok(ready > 0)
}

fn interruptible<T>(mut call: impl FnMut() -> rustix::io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            result => return Ok(result?),
        }
    }
}

/// A pipe that holds more lets both sides work longer at a time.
#[cfg(target_os = "linux")]
fn widen(pipe: &OwnedFd) {
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, 4 * CHUNK);
}

#[cfg(not(target_os = "linux"))]
fn widen(_: &OwnedFd) {}
