//! The streams between a program and us, each with a thread of its own, from its start to its last byte.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::thread::{Builder, JoinHandle};

use rustix::process::Signal;

use super::relay::{Relay, Source, type_into, write_all};
use super::signals::Signals;
use super::{OutputError, OutputOptions};
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

    fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// What is left of a stream at its end.
struct Rest {
    stream: Stream,
    /// What was kept for this moment.
    kept: Sensitive<Vec<u8>>,
    carried: io::Result<()>,
}

/// What became of the output of a program that has ended.
pub(super) enum Delivery {
    /// Nothing waits any more; some of it may have got lost.
    Over(Option<OutputError>),
    /// A signal that ends programs came while some of it still waited for its reader.
    Interrupted(Signal),
}

/// All streams of one program.
pub(super) struct Outputs {
    mask: Option<Mask>,
    capture: bool,
    /// Closed when the program has ended, which `ended` then shows.
    alive: PipeWriter,
    ended: PipeReader,
    relays: Vec<JoinHandle<Rest>>,
}

impl Outputs {
    pub(super) fn new(mode: &OutputOptions) -> io::Result<Self> {
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
        let work = move || {
            let (kept, carried) = relay.run();
            Rest {
                stream: to,
                kept,
                carried,
            }
        };
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
    pub(super) fn finish(self, signals: &mut Signals) -> Delivery {
        let Self { alive, relays, .. } = self;
        drop(alive);
        if relays.is_empty() {
            return Delivery::Over(None);
        }
        let failed = |source| {
            let stream = Stream::Stdout.name();
            Delivery::Over(Some(OutputError { stream, source }))
        };
        let (over, working) = match io::pipe() {
            Ok(pipe) => pipe,
            Err(source) => return failed(source),
        };
        let deliver = move || {
            // Closed with the last of them, which `over` then shows.
            let _working = working;
            let rests = relays.into_iter().flat_map(JoinHandle::join);
            // All of them, whatever became of the first.
            rests.fold(None, |lost, rest| lost.or(rest.deliver().err()))
        };
        let deliver = match Builder::new().spawn(deliver) {
            Ok(deliver) => deliver,
            Err(source) => return failed(source),
        };
        while let Some(arrival) = signals.next_before(Some(&over)) {
            if ends_by_default(arrival.signal) {
                return Delivery::Interrupted(arrival.signal);
            }
        }
        Delivery::Over(deliver.join().unwrap_or_default())
    }
}

impl Rest {
    /// Writes what was kept.
    fn deliver(self) -> Result<(), OutputError> {
        let written = || write_all(self.stream.fd(), self.kept.expose());
        match self.carried.and_then(|()| written()) {
            Err(source) if source.kind() != io::ErrorKind::BrokenPipe => Err(OutputError {
                stream: self.stream.name(),
                source,
            }),
            // Who does not want to read on has read enough.
            _ => Ok(()),
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
