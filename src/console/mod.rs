//! The writer of answers and messages: an answer goes to the `-o` target, everything about it to stderr.

use std::cell::Cell;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use ksm::buffer::Buffer;
use ksm::environment::Environment;
use ksm::foreign;
use ksm::input::{self, Limit};
use ksm::sensitive::Sensitive;

mod bar;
mod color;
mod error;
mod held;
mod log;
mod messages;
mod pager;
mod screen;
mod target;

pub(crate) use bar::Bar;
pub(crate) use color::ColorWish;
pub(crate) use error::Error;
pub(crate) use log::{Level, Log};
pub(crate) use messages::{Messages, note};
pub(crate) use screen::Screen;
pub(crate) use target::OutputTarget;

use held::Held;
use messages::speak;

#[derive(Debug)]
pub(crate) struct Console {
    target: OutputTarget,
    terminal: bool,
    // Whether the terminal's line has text that no newline ends.
    open_line: Cell<bool>,
    // The content of a file target.
    held: Held,
    // What was done, until the answer about it has been delivered.
    done: Vec<String>,
    messages: Messages,
}

impl Console {
    pub(crate) fn for_process() -> Self {
        Self {
            target: OutputTarget::Stdout,
            terminal: OutputTarget::Stdout.is_terminal(),
            open_line: Cell::default(),
            held: Held::default(),
            done: Vec::new(),
            messages: Messages {
                terminal: io::stderr().is_terminal(),
                color: true,
                quiet: false,
                log: None,
            },
        }
    }

    pub(crate) fn set_target(&mut self, target: OutputTarget) {
        self.terminal = target.is_terminal();
        self.target = target;
    }

    /// Allows or forbids colored messages; only a terminal shows them.
    pub(crate) fn allow_color(&mut self, allowed: bool) {
        self.messages.color = allowed;
    }

    /// Lets warnings and failures be the only messages.
    pub(crate) fn set_quiet(&mut self, quiet: bool) {
        self.messages.quiet = quiet;
    }

    /// Writes a line for a person who reads: on a terminal, and unless it is to be quiet.
    pub(crate) fn remark(&self, text: &str) {
        if self.messages.terminal && !self.messages.quiet {
            self.end_line();
            note(text);
        }
    }

    /// Sets the answer off by a blank line where a person reads both. The one behind a value ends the line of the value.
    pub(crate) fn set_off(&self) {
        if self.terminal && self.messages.terminal && !self.messages.quiet {
            self.open_line.set(false);
            note("");
        }
    }

    /// Ends the line of an answer on a terminal, so that what follows begins a line.
    fn end_line(&self) {
        if self.open_line.take() && self.terminal {
            let _ = match self.target {
                OutputTarget::Stdout => write_through(io::stdout().lock(), b"\n"),
                OutputTarget::Stderr => write_through(io::stderr().lock(), b"\n"),
                OutputTarget::File(_) => Ok(()),
            };
        }
    }

    /// Whether a person reads the answer at a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes a piece of the answer as it is; for a terminal, control characters are escaped.
    pub(crate) fn data(&mut self, piece: impl AsRef<[u8]>) -> Result<(), Error> {
        let piece = piece.as_ref();
        if self.terminal {
            self.deliver(&foreign::bytes(piece))
        } else {
            self.deliver(piece)
        }
    }

    /// Writes like [`Console::data`], without a second copy of a large piece that goes to a file.
    pub(crate) fn data_owned(&mut self, piece: impl Into<Sensitive<Buffer>>) -> Result<(), Error> {
        let piece = piece.into();
        match self.target {
            OutputTarget::File(_) if !self.terminal => {
                let held = self.held.add_owned(piece);
                held.map_err(Error::held)
            }
            _ => self.data(piece.expose()),
        }
    }

    /// Writes the answer about something that was done and should not be done again: an answer that reaches nobody is
    /// an error that tells it, also where the reader of a pipe went away, or stdout was closed. `done` has sentences such
    /// as `record UID was created`.
    pub(crate) fn receipt(
        &mut self,
        done: &[impl Display],
        answer: impl AsRef<[u8]>,
    ) -> Result<(), Error> {
        self.tell(done, |console| {
            console.check_open()?;
            console.data(answer)
        })
    }

    /// Delivers the answer about something that was done. One that reaches nobody is an error that tells it, also where
    /// the reader of a pipe went away.
    pub(crate) fn tell(
        &mut self,
        done: &[impl Display],
        deliver: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let done: Vec<_> = done.iter().map(ToString::to_string).collect();
        match deliver(self) {
            Ok(()) => {
                self.done = done;
                Ok(())
            }
            Err(source) if done.is_empty() => Err(source),
            Err(source) => Err(Error::untold(done, source)),
        }
    }

    /// Writes text whose only control sequences are our colors. `render` has passed every foreign string
    /// through [`foreign`].
    pub(crate) fn styled(&mut self, piece: &str) -> Result<(), Error> {
        self.deliver(piece.as_bytes())
    }

    /// Whether answers may have colors: a terminal shows them, and nobody forbade it.
    pub(crate) fn is_styled(&self, environment: &Environment) -> bool {
        match ColorWish::of(None, environment) {
            ColorWish::Off => false,
            ColorWish::Forced => self.messages.color,
            ColorWish::On | ColorWish::Unsaid => self.terminal && self.messages.color,
        }
    }

    /// Writes like [`Console::styled`], through a pager if the text is longer than the terminal.
    pub(crate) fn paged(&mut self, text: &str, environment: &Environment) -> Result<(), Error> {
        let is_long =
            self.terminal && Screen::of_stdout().is_some_and(|screen| !screen.holds(text));
        let pager = is_long.then(|| pager::Pager::of(environment)).flatten();
        match pager {
            Some(pager) if pager.show(text) => Ok(()),
            _ => self.styled(text),
        }
    }

    /// Fails if the stream that the answer goes to was closed when the program started.
    pub(crate) fn check_open(&self) -> Result<(), Error> {
        match self.target.closed() {
            Some(stream) => Err(Error::Closed(stream)),
            None => Ok(()),
        }
    }

    /// Whether nobody is to read the answer, as after `>/dev/null`.
    pub(crate) fn is_thrown_away(&self) -> bool {
        self.target.is_null() && self.check_open().is_ok()
    }

    /// Fails if the target cannot be written, as far as that is known beforehand.
    pub(crate) fn check_writable(&mut self) -> Result<(), Error> {
        self.check_open()?;
        match &self.target {
            OutputTarget::File(path) => Ok(self.held.check(path)?),
            OutputTarget::Stdout | OutputTarget::Stderr => Ok(()),
        }
    }

    /// Writes the file of `-o` at once, after the command succeeded.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        self.end_line();
        let OutputTarget::File(path) = &self.target else {
            return Ok(());
        };
        let written = self.held.write(path, self.terminal);
        written.map_err(|source| match std::mem::take(&mut self.done) {
            done if done.is_empty() => source.into(),
            done => Error::untold(done, source.into()),
        })
    }

    pub(crate) fn note(&self, text: &str) {
        self.end_line();
        self.messages.note(text);
    }

    pub(crate) fn warn(&self, text: &str) {
        self.end_line();
        self.messages.warn(text);
    }

    /// Asks on stderr and reads a line of stdin.
    pub(crate) fn ask(&self, question: &str) -> io::Result<String> {
        speak(&foreign::message(question));
        let line = input::line(Limit::TYPED_LINE)?;
        match line.is_empty() {
            true => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "EOF when reading a line",
            )),
            false => Ok(line),
        }
    }

    /// The writer of stderr alone, for reports while the answer is still on its way.
    pub(crate) fn messages(&self) -> Messages {
        self.messages
    }

    /// Writes the lines of a failure, or of help, to stderr. They are escaped one by one where they are made.
    pub(crate) fn report(&self, lines: &impl Display) {
        self.end_line();
        speak(&lines.to_string());
    }

    fn deliver(&mut self, piece: &[u8]) -> Result<(), Error> {
        let (stream, written) = match self.target {
            OutputTarget::Stdout => ("stdout", write_through(io::stdout().lock(), piece)),
            OutputTarget::Stderr => ("stderr", write_through(io::stderr().lock(), piece)),
            OutputTarget::File(_) => return self.held.add(piece).map_err(Error::held),
        };
        if let Some(last) = piece.last() {
            self.open_line.set(*last != b'\n');
        }
        written.map_err(|source| Error::Stream { stream, source })
    }
}

// Flushing each piece keeps the order of the value and the blank lines around it on stderr.
fn write_through(mut stream: impl Write, piece: &[u8]) -> io::Result<()> {
    stream.write_all(piece)?;
    stream.flush()
}

#[cfg(test)]
mod tests;
