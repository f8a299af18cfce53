//! The one writer: the answer goes to the `-o` target, everything said about it to stderr.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, IsTerminal, Write};
use std::rc::Rc;

use ksm::private_file;
use ksm::sensitive::Sensitive;
use zeroize::Zeroizing;

use crate::failure::Failure;

mod bar;
mod log;
mod target;
mod visible;

pub(crate) use bar::Bar;
pub(crate) use log::{Level, Log};
pub(crate) use target::Target;
pub(crate) use visible::{visible, visible_bytes};

/// Why an answer could not be delivered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Standard output or error refuses what we write.
    #[error("cannot write to {stream}")]
    Stream {
        stream: &'static str,
        source: io::Error,
    },
    /// The file named with `-o` cannot be written.
    #[error(transparent)]
    File(#[from] private_file::Error),
}

impl Error {
    /// Whether the reader went away, which ends a pipeline quietly (security.md O7).
    pub(crate) fn is_broken_pipe(&self) -> bool {
        let (Self::Stream { source, .. } | Self::File(private_file::Error::Io { source, .. })) =
            self
        else {
            return false;
        };
        source.kind() == io::ErrorKind::BrokenPipe
    }
}

/// Writes the answer and speaks to the user.
#[derive(Debug)]
pub(crate) struct Console {
    target: Target,
    // Whether the target is one.
    terminal: bool,
    // What a file will hold, once the command has succeeded; `None` until there is an answer at all.
    held: Option<Zeroizing<Vec<u8>>>,
    // Whether tables are colored where they can be, which settings say that are known later.
    color: Rc<Cell<bool>>,
    words: Words,
}

impl Console {
    /// Speaks through this process's own streams.
    pub(crate) fn for_process() -> Self {
        Self {
            target: Target::Stdout,
            terminal: Target::Stdout.is_terminal(),
            held: None,
            color: Rc::new(Cell::new(true)),
            words: Words {
                terminal: io::stderr().is_terminal(),
                color: true,
                log: None,
            },
        }
    }

    /// Sends the answer somewhere else than to stdout.
    pub(crate) fn aim(&mut self, target: Target) {
        self.terminal = target.is_terminal();
        self.target = target;
    }

    /// Allows or forbids color; it is shown on terminals only, whatever is allowed.
    pub(crate) fn allow_color(&mut self, allowed: bool) {
        self.words.color = allowed;
        self.color.set(allowed);
    }

    /// The same for the answer alone, for whoever learns later what is wanted.
    pub(crate) fn color(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.color)
    }

    /// Whether the answer is read by a person at a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether color is wanted where it can be shown.
    pub(crate) fn allows_color(&self) -> bool {
        self.color.get()
    }

    /// Delivers a piece of the answer: byte for byte, but to a terminal with its control characters escaped.
    pub(crate) fn data(&mut self, piece: impl AsRef<[u8]>) -> Result<(), Error> {
        let piece = piece.as_ref();
        if self.terminal {
            self.deliver(&visible_bytes(piece))
        } else {
            self.deliver(piece)
        }
    }

    /// The same for something large, of which a file is to get no second copy.
    pub(crate) fn whole(&mut self, mut piece: Sensitive<Vec<u8>>) -> Result<(), Error> {
        match (&self.target, &self.held) {
            (Target::File(_), None) if !self.terminal => {
                self.held = Some(std::mem::take(piece.expose_mut()).into());
                Ok(())
            }
            _ => self.data(piece.expose()),
        }
    }

    /// Delivers text whose only control sequences are colors of ours: `render` has passed every foreign
    /// string through [`visible`] if [`Console::is_terminal`].
    pub(crate) fn painted(&mut self, piece: &str) -> Result<(), Error> {
        self.deliver(piece.as_bytes())
    }

    /// Finds out whether the answer can be delivered, as far as that can be known before.
    pub(crate) fn rehearse(&self) -> Result<(), Error> {
        match &self.target {
            Target::File(path) => Ok(private_file::rehearse_output(path)?),
            Target::Stdout | Target::Stderr => Ok(()),
        }
    }

    /// Ends the command: what was held for a file is written, in one go.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        match (&self.target, self.held.take()) {
            (Target::File(path), Some(held)) => Ok(private_file::write_output(path, &held)?),
            _ => Ok(()),
        }
    }

    /// Says something on stderr.
    pub(crate) fn note(&self, text: &str) {
        self.words.note(text);
    }

    /// Says something on stderr that the user should look at.
    pub(crate) fn warn(&self, text: &str) {
        self.words.warn(text);
    }

    /// Asks the user something and reads the answer, a line of stdin.
    pub(crate) fn ask(&self, question: &str) -> io::Result<String> {
        self.words.write(question);
        let mut line = String::new();
        match io::stdin().read_line(&mut line)? {
            0 => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "EOF when reading a line",
            )),
            _ => Ok(line),
        }
    }

    /// The part of the console that only speaks, for those who report while the answer is still on its way.
    pub(crate) fn words(&self) -> Words {
        self.words
    }

    /// Says why the command failed, and what to try.
    pub(crate) fn report(&self, failure: &Failure) {
        self.words.write(&failure.to_string());
    }

    fn deliver(&mut self, piece: &[u8]) -> Result<(), Error> {
        let (stream, written) = match self.target {
            Target::Stdout => ("stdout", write_through(io::stdout().lock(), piece)),
            Target::Stderr => ("stderr", write_through(io::stderr().lock(), piece)),
            Target::File(_) => {
                self.held.get_or_insert_default().extend_from_slice(piece);
                return Ok(());
            }
        };
        written.map_err(|source| Error::Stream { stream, source })
    }
}

// Flushed piece by piece, so that the blank lines on stderr fall before and after the value.
fn write_through(mut stream: impl Write, piece: &[u8]) -> io::Result<()> {
    stream.write_all(piece)?;
    stream.flush()
}

/// Stderr. Control characters are escaped here even when it is no terminal, since logs end up on one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    terminal: bool,
    color: bool,
    log: Option<Log>,
}

impl Words {
    /// The same, with what is logged from now on.
    pub(crate) fn logging(self, log: Option<Log>) -> Self {
        Self { log, ..self }
    }

    /// Adds a line to the log, if there is one and it takes lines of this weight.
    pub(crate) fn log(self, level: Level, text: &str) {
        if let Some(line) = self.log.and_then(|log| log.line(level, text)) {
            speak(&line);
        }
    }

    /// Says something; an empty text is a blank line.
    pub(crate) fn note(self, text: &str) {
        self.write(&format!("{text}\n"));
    }

    /// Says something that the user should look at, in yellow on a terminal.
    pub(crate) fn warn(self, text: &str) {
        let text = visible(text);
        let line: Cow<'_, str> = if self.terminal && self.color {
            format!("\x1b[33mWarning: {text}\x1b[0m\n").into()
        } else {
            format!("Warning: {text}\n").into()
        };
        speak(&line);
    }

    fn write(self, text: &str) {
        speak(&visible(text));
    }
}

// Nobody is left to tell when stderr itself fails.
fn speak(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_the_whole_answer_at_the_end() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("answer");
        let mut console = Console::for_process();
        console.aim(Target::File(path.clone()));
        console.data("one\x1b").unwrap();
        console.painted("two").unwrap();
        assert!(!path.exists());
        console.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one\x1btwo");
        console.whole(b"large".to_vec().into()).unwrap();
        console.whole(b"r".to_vec().into()).unwrap();
        console.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"larger");
        // Nothing is left to write, and an empty answer is one.
        console.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"larger");
        console.data("").unwrap();
        console.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"");
    }

    #[test]
    fn a_command_that_fails_leaves_the_file_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("answer");
        let mut console = Console::for_process();
        console.aim(Target::File(path.clone()));
        console.data("half").unwrap();
        drop(console);
        assert!(!path.exists());
    }
}
