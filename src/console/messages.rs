//! Messages on stderr.

use std::borrow::Cow;
use std::io::{self, Write};

use ksm::foreign;

use super::{Level, Log};

/// Stderr. Control characters are escaped even when it is no terminal, since logs end up on one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Messages {
    pub(super) terminal: bool,
    pub(super) color: bool,
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
        note(text);
    }

    /// Yellow on a terminal.
    pub(crate) fn warn(self, text: &str) {
        let text = foreign::lines(text);
        let line: Cow<'_, str> = if self.terminal && self.color {
            format!("\x1b[33mWarning: {text}\x1b[0m\n").into()
        } else {
            format!("Warning: {text}\n").into()
        };
        speak(&line);
    }
}

/// Writes a line to stderr.
pub(crate) fn note(text: &str) {
    write_escaped(&format!("{text}\n"));
}

pub(super) fn write_escaped(text: &str) {
    speak(&foreign::lines(text));
}

// A failure of stderr has nowhere to be reported.
fn speak(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
