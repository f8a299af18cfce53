//! The streams between a program and us, with one thread each.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::OwnedFd;
use std::thread::{Builder, JoinHandle};

use rustix::process::Signal;

use super::descriptors::write_all;
use super::life::{Delivery, Life};
use super::relay::{Relay, Source, Stream, type_into};
use super::{OutputError, OutputOptions};
use crate::exec::mask::Mask;
use crate::sensitive::Sensitive;

pub(super) struct Outputs {
    mask: Option<Mask>,
    capture: bool,
    /// Closed at the program's end, which `exited` then shows.
    running: PipeWriter,
    exited: PipeReader,
    /// Closed with the last delivery, which `delivered` then shows.
    delivering: PipeWriter,
    delivered: PipeReader,
    relays: Vec<JoinHandle<Relayed>>,
}

/// A stream at its end.
struct Relayed {
    stream: Stream,
    captured: Sensitive<Vec<u8>>,
    carried: io::Result<()>,
}

/// The output after the end of the program.
pub(super) enum Finished {
    /// All of it was written, or got lost.
    All(Option<OutputError>),
    /// A signal that ends programs came while some of it still waited for its reader.
    Interrupted(Signal),
}

impl Outputs {
    pub(super) fn new(options: &OutputOptions) -> io::Result<Self> {
        let (exited, running) = io::pipe()?;
        // Made before the program starts, while there is no output to lose.
        let (delivered, delivering) = io::pipe()?;
        Ok(Self {
            mask: options.mask.clone(),
            capture: options.capture,
            running,
            exited,
            delivering,
            delivered,
            relays: Vec::new(),
        })
    }

    pub(super) fn relay(&mut self, source: Source, from: OwnedFd, to: Stream) -> io::Result<()> {
        let relay = Relay {
            source,
            from,
            to: (!self.capture).then_some(to),
            exited: self.exited.try_clone()?,
            masker: self.mask.as_ref().map(Mask::start),
            plain: Sensitive::default(),
        };
        let work = move || {
            let (captured, carried) = relay.run();
            Relayed {
                stream: to,
                captured,
                carried,
            }
        };
        self.relays.push(Builder::new().spawn(work)?);
        Ok(())
    }

    pub(super) fn type_into(&mut self, master: OwnedFd) -> io::Result<()> {
        let exited = self.exited.try_clone()?;
        Builder::new().spawn(move || type_into(&master, &exited))?;
        Ok(())
    }

    /// Delivers all output after the program's end. A signal that comes while some of it waits for its reader ends this.
    pub(super) fn finish(self, life: &mut Life) -> Finished {
        let Self {
            running,
            delivering,
            delivered,
            relays,
            ..
        } = self;
        drop(running);
        if relays.is_empty() {
            return Finished::All(None);
        }
        let deliver = move || {
            let _delivering = delivering;
            let all = relays.into_iter().flat_map(JoinHandle::join);
            // The later ones too, whatever became of the first.
            all.fold(None, |lost, relayed| lost.or(relayed.deliver().err()))
        };
        let deliver = match Builder::new().spawn(deliver) {
            Ok(deliver) => deliver,
            Err(source) => {
                let stream = Stream::Stdout.name();
                return Finished::All(Some(OutputError { stream, source }));
            }
        };
        match life.until_delivered(delivered) {
            Delivery::Interrupted(signal) => Finished::Interrupted(signal),
            Delivery::Done => Finished::All(deliver.join().unwrap_or_default()),
        }
    }
}

impl Relayed {
    fn deliver(self) -> Result<(), OutputError> {
        let write = || write_all(self.stream.fd(), self.captured.expose());
        match self.carried.and_then(|()| write()) {
            // A reader that went away has read enough.
            Err(source) if source.kind() != io::ErrorKind::BrokenPipe => Err(OutputError {
                stream: self.stream.name(),
                source,
            }),
            _ => Ok(()),
        }
    }
}
