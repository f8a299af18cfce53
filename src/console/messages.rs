//! Messages on stderr.

use std::io::{self, Write};

use ksm::foreign;

use super::{Level, Log};

/// Stderr. Text of others is escaped even when it is no terminal, since logs end up on one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Messages {
    pub(super) terminal: bool,
    pub(super) color: bool,
    /// Whether warnings and failures are the only messages.
    pub(super) quiet: bool,
    pub(super) log: Option<Log>,
}

impl Messages {
    pub(crate) fn logging(self, log: Option<Log>) -> Self {
        Self { log, ..self }
    }

    /// Writes a line if the log takes this level.
    pub(crate) fn log(self, level: Level, text: &str) {
        if let Some(line) = self.log.and_then(|log| log.line(level, text)) {
            speak(&line);
        }
    }

    /// An empty text is a blank line.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            note(text);
        }
    }

    /// Yellow on a terminal.
    pub(crate) fn warn(self, text: &str) {
        let text = foreign::message(text);
        speak(&match self.terminal && self.color {
            true => format!("\x1b[33mWarning: {text}\x1b[0m\n"),
            false => format!("Warning: {text}\n"),
        });
    }
}

/// Writes a line to stderr. Line ends within the text are escaped, since it may repeat names and texts of others.
pub(crate) fn note(text: &str) {
    speak(&format!("{}\n", foreign::message(text)));
}

// A failure of stderr has nowhere to be reported.
pub(super) fn speak(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
