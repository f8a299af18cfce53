//! The lines of a shell: typed at a terminal with an editor, or read from a pipe.

use std::io;

use ksm::input::{self, Limit};
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{CompletionType, Config, Editor};

use super::completion::Completion;
use super::words;
use crate::commands::prompt::PromptGuard;
use crate::failure::{Code, Failure, Result};

const PROMPT: &str = "KSM Shell (? for help) > ";

/// The editor, and the lines of a text that was pasted into it, the next one last.
pub(super) struct Typed {
    pub(super) editor: Editor<Completion, MemHistory>,
    pasted: Vec<String>,
    guard: PromptGuard,
}

pub(super) enum Lines {
    Terminal(Box<Typed>),
    Pipe(input::Lines),
}

impl Lines {
    /// Takes stdin for the shell. From a pipe, commands and programs would swallow lines, so they find it empty.
    pub(super) fn open() -> io::Result<Self> {
        if let Some(lines) = input::Lines::take_stdin()? {
            return Ok(Self::Pipe(lines));
        }
        let config = Config::builder();
        let config = config.completion_type(CompletionType::List).build();
        // In memory only: lines hold values.
        let history = MemHistory::with_config(&config);
        let editor = Editor::with_history(config, history);
        Ok(Self::Terminal(Box::new(Typed {
            editor: editor.map_err(io::Error::other)?,
            pasted: Vec::new(),
            guard: PromptGuard::watch(),
        })))
    }

    /// `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<String>> {
        let line = match self {
            Self::Pipe(lines) => lines.next(Limit::SHELL_LINE).map_err(unreadable),
            Self::Terminal(typed) => typed.next(),
        };
        line.map(|line| line.map(without_mark))
    }
}

impl Typed {
    /// A line that was canceled is empty.
    fn next(&mut self) -> Result<Option<String>> {
        if let Some(line) = self.pasted.pop() {
            return Ok(Some(line));
        }
        let editor = &mut self.editor;
        let read = || editor.readline(&format!("\n{PROMPT}"));
        match self.guard.during(read) {
            Ok(text) => {
                // A history that is full forgets its oldest line, and there is no other failure.
                let _ = self.editor.add_history_entry(&text);
                self.pasted = words::lines(&text);
                self.pasted.reverse();
                Ok(self.pasted.pop())
            }
            Err(ReadlineError::Interrupted) => Ok(Some(String::new())),
            Err(ReadlineError::Eof) => Ok(None),
            Err(error) => Err(unreadable(error)),
        }
    }
}

/// The byte order mark of a file, which may be one of several that were joined.
fn without_mark(line: String) -> String {
    match line.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => line,
    }
}

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(Code::Usage, error).while_doing("cannot read a line")
}
