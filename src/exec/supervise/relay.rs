//! Carries bytes from one descriptor to another until the program has ended and all it wrote has arrived.

use std::io::{self, PipeReader};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::io::ioctl_fionread;
use rustix::stdio::{stderr, stdin, stdout};

use super::descriptors::{Ready, is_readable, pause, read_some, wait, write_all};
use super::pty::has_keyboard;
use super::rest::swallow_rest;
use crate::exec::mask::Masker;
use crate::sensitive::Sensitive;

/// Longest wait for the rest of a text that could become a secret (D35).
const HOLD_TIMEOUT: Duration = Duration::from_millis(100);

/// Longest wait for output that was written to a terminal before the program's end, and time between two looks whether
/// we are in the foreground again.
const TERMINAL_PAUSE: Duration = Duration::from_millis(100);

/// Few system calls for much output.
const CHUNK: usize = 1 << 18;

/// Linux's limit for what was written to a terminal and not read yet, in bytes.
const TERMINAL_BUFFER: u64 = 640 << 10;

/// One of our own streams.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    pub(super) fn fd(self) -> BorrowedFd<'static> {
        match self {
            Self::Stdout => stdout(),
            Self::Stderr => stderr(),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// The other end of it is the program's. Processes it leaves behind may hold that open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The terminal we made for the program.
    Terminal,
    /// A pipe, which tells how much is in it.
    Pipe,
}

pub(super) struct Relay {
    pub(super) source: Source,
    pub(super) from: OwnedFd,
    /// `None`: the output is captured.
    pub(super) to: Option<Stream>,
    pub(super) exited: PipeReader,
    pub(super) masker: Option<Masker>,
    /// Holds what is read without a masker.
    pub(super) plain: Sensitive<Vec<u8>>,
}

impl Relay {
    /// Works until the end of the stream, or of the program and all that it wrote. Returns what was captured, and whether
    /// all of the rest was written.
    pub(super) fn run(mut self) -> (Sensitive<Vec<u8>>, io::Result<()>) {
        if self.source == Source::Pipe {
            enlarge(&self.from);
        }
        let mut captured = Sensitive::default();
        let carried = self.carry(captured.expose_mut());
        // Without a reader the relay ends; a program that goes on writing to a pipe meets that as its own.
        if carried.is_err() && self.source == Source::Terminal {
            self.discard();
        }
        (captured, carried)
    }

    fn carry(&mut self, captured: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let timeout = match &self.masker {
                // Nobody waits for captured text.
                Some(masker) if masker.holds() && self.to.is_some() => Some(HOLD_TIMEOUT),
                _ => None,
            };
            match wait(&self.from, &self.exited, timeout)? {
                Ready::Read => {
                    if self.pass(CHUNK, captured)? == 0 {
                        break;
                    }
                }
                Ready::Timeout => self.release(captured)?,
                Ready::Exit => {
                    self.drain(captured)?;
                    swallow_rest(&self.from);
                    break;
                }
            }
        }
        self.release(captured)
    }

    /// Takes what the program wrote before its end, and not what others may go on writing.
    fn drain(&mut self, captured: &mut Vec<u8>) -> io::Result<()> {
        let (mut left, mut time_left) = match self.source {
            Source::Pipe => (ioctl_fionread(&self.from)?, Duration::ZERO),
            // Output arrives a little after it was written.
            Source::Terminal => (TERMINAL_BUFFER, TERMINAL_PAUSE),
        };
        while left > 0 && is_readable(&self.from, &mut time_left)? {
            let most = usize::try_from(left).unwrap_or(usize::MAX);
            let count = self.pass(most.min(CHUNK), captured)?;
            if count == 0 {
                break;
            }
            left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    /// Returns how many bytes were there, at most `most`.
    fn pass(&mut self, most: usize, captured: &mut Vec<u8>) -> io::Result<usize> {
        let Some(masker) = &mut self.masker else {
            self.plain.resize(most);
            let bytes = read_some(&self.from, self.plain.expose_mut())?;
            deliver(self.to, bytes, captured)?;
            return Ok(bytes.len());
        };
        let count = read_some(&self.from, masker.room(most))?.len();
        deliver(self.to, masker.advance(count), captured)?;
        Ok(count)
    }

    fn release(&mut self, captured: &mut Vec<u8>) -> io::Result<()> {
        match &mut self.masker {
            Some(masker) => deliver(self.to, masker.release(), captured),
            None => Ok(()),
        }
    }

    /// Reads on after our terminal went away, so that the program does not wait for it.
    fn discard(&self) {
        let mut chunk = [0; 4096];
        while let Ok(Ready::Read) = wait(&self.from, &self.exited, None) {
            if !matches!(read_some(&self.from, &mut chunk), Ok([_, ..])) {
                return;
            }
        }
    }
}

/// Types what comes from our keyboard into the program's terminal.
pub(super) fn type_into(master: &OwnedFd, exited: &PipeReader) {
    let mut keys = Sensitive::new(vec![0; 4096]);
    loop {
        // What is typed while we are in the background is the shell's.
        let typed = match has_keyboard() {
            true => wait(stdin(), exited, None),
            false => pause(exited, TERMINAL_PAUSE),
        };
        match typed {
            Ok(Ready::Timeout) => {}
            Ok(Ready::Read) if has_keyboard() => match read_some(stdin(), keys.expose_mut()) {
                Ok(bytes @ [_, ..]) if write_all(master, bytes).is_ok() => {}
                _ => return,
            },
            Ok(Ready::Read) => {}
            Ok(Ready::Exit) | Err(_) => return,
        }
    }
}

fn deliver(to: Option<Stream>, bytes: &[u8], captured: &mut Vec<u8>) -> io::Result<()> {
    match to {
        Some(stream) => write_all(stream.fd(), bytes),
        None => {
            captured.extend_from_slice(bytes);
            Ok(())
        }
    }
}

/// A larger pipe lets both sides work longer at a time.
#[cfg(target_os = "linux")]
fn enlarge(pipe: &OwnedFd) {
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, 4 * CHUNK);
}

#[cfg(not(target_os = "linux"))]
fn enlarge(_: &OwnedFd) {}
