//! The streams between a program and us, each with a thread of its own, from its start to its last byte.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::mpsc;
use std::thread::{Builder, JoinHandle};

use rustix::process::Signal;

use super::Stay;
use super::relay::{Relay, Source, type_into, write_all};
use super::signals::Signals;
use crate::exec::mask::Mask;
use crate::sensitive::Sensitive;

/// One of ours.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    pub(super) fn fd(self) -> BorrowedFd<'static> {
        match self {
            Self::Stdout => rustix::stdio::stdout(),
            Self::Stderr => rustix::stdio::stderr(),
        }
    }
}

/// What was kept of a stream until the end.
type Kept = (Stream, Sensitive<Vec<u8>>);

/// All streams of one program.
pub(super) struct Outputs {
    mask: Option<Mask>,
    capture: bool,
    /// Closed when the program has ended, which `ended` then shows.
    alive: PipeWriter,
    ended: PipeReader,
    relays: Vec<JoinHandle<Kept>>,
}

impl Outputs {
    pub(super) fn new(mode: &Stay) -> io::Result<Self> {
        let (ended, alive) = io::pipe()?;
        Ok(Self {
            mask: mode.mask.clone(),
            capture: mode.capture,
            alive,
            ended,
            relays: Vec::new(),
        })
    }

    /// Passes on what comes from the program.
    pub(super) fn show(&mut self, source: Source, from: OwnedFd, to: Stream) -> io::Result<()> {
        let relay = Relay {
            source,
            from,
            to: (!self.capture).then_some(to),
            ended: self.ended.try_clone()?,
            masker: self.mask.as_ref().map(Mask::start),
        };
        let work = move || (to, relay.run());
        self.relays.push(Builder::new().spawn(work)?);
        Ok(())
    }

    /// Passes on what a user types.
    pub(super) fn type_into(&mut self, master: OwnedFd) -> io::Result<()> {
        let ended = self.ended.try_clone()?;
        Builder::new().spawn(move || type_into(&master, &ended))?;
        Ok(())
    }

    /// The program has ended: waits until all it said is delivered, or until a signal says that this is long enough.
    pub(super) fn finish(self, mut signals: Signals) {
        let Self { alive, relays, .. } = self;
        drop(alive);
        if relays.is_empty() {
            return;
        }
        let (done, over) = mpsc::channel();
        let interrupted = done.clone();
        let deliver = move || {
            for (stream, kept) in relays.into_iter().flat_map(JoinHandle::join) {
                // Nobody is left to tell.
                let _ = write_all(stream.fd(), kept.expose());
            }
            let _ = done.send(());
        };
        let listen = move || {
            while let Some(arrival) = signals.next() {
                if ends_by_default(arrival.signal) && interrupted.send(()).is_err() {
                    return;
                }
            }
        };
        if Builder::new().spawn(listen).is_ok() && Builder::new().spawn(deliver).is_ok() {
            let _ = over.recv();
        }
    }
}

fn ends_by_default(signal: Signal) -> bool {
    let harmless = [
        Signal::CHILD,
        Signal::CONT,
        Signal::TSTP,
        Signal::TTIN,
        Signal::TTOU,
        Signal::URG,
        Signal::WINCH,
    ];
    !harmless.contains(&signal)
}
