//! Chooses and starts an editor: the one named, else the one in the settings, else that of `EDITOR`, else the first usual
//! one that is installed.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::Stdio;

use ksm::environment::{ChildEnvironment, OwnConfig, boolean, names};
use ksm::exec::Program;

use super::edit_buffer::EditBuffer;
use super::wait;
use crate::commands::context::Context;
use crate::failure::{Code, Failure, Result};

const USUAL: &[&str] = if cfg!(windows) {
    &["code.cmd", "notepad.exe"]
} else {
    &["nano", "vim", "vi", "emacs"]
};

#[derive(Debug)]
pub(super) struct Editor {
    /// The program and its first arguments.
    words: Vec<OsString>,
    /// The program returns before its window is closed.
    blocking: bool,
    /// The process that lives as long as the window.
    process: Option<String>,
    environment: ChildEnvironment,
}

impl Editor {
    pub(super) async fn choose(named: Option<&str>, ctx: &Context) -> Result<Self> {
        let plain = |text: &str| Self {
            words: words(text, ctx),
            blocking: false,
            process: None,
            environment: ctx.environment.for_child(OwnConfig::Withheld),
        };
        let store = ctx.store().await?;
        let setting = |key: &str| {
            let text = store.as_ref().and_then(|store| store.setting(key));
            text.filter(|text| !text.is_empty())
        };
        let chosen = if let Some(named) = named {
            Some(plain(named))
        } else if let Some(set) = store
            .as_deref()
            .and_then(|store| ctx.vouched_setting(store, "editor"))
        {
            Some(Self {
                blocking: setting("editor_use_blocking").and_then(boolean) == Some(true),
                process: setting("editor_process_name").map(str::to_owned),
                ..plain(set)
            })
        } else if let Some(variable) = ctx.environment.text(names::EDITOR) {
            Some(plain(&variable))
        } else {
            let usual = USUAL.iter().find(|name| is_there(name, ctx));
            usual.map(|name| Self {
                blocking: name.starts_with("code"),
                process: name.starts_with("code").then(|| "code.exe".to_owned()),
                ..plain(name)
            })
        };
        let editor = chosen.ok_or_else(|| {
            Failure::new(Code::Local, "Cannot find an editor.")
                .hint("name one with -e, `ksm config editor --app PROGRAM` or EDITOR")
        })?;
        match editor
            .words
            .first()
            .map(|program| program.to_string_lossy())
        {
            // Applications of macOS are no programs of the search path.
            Some(_) if cfg!(target_os = "macos") && editor.blocking => Ok(editor),
            Some(program) if !is_there(&program, ctx) => Err(Failure::new(
                Code::Local,
                format!("there is no program `{program}` to edit with"),
            )
            .hint("name another with -e, `ksm config editor --app PROGRAM` or EDITOR")),
            _ => Ok(editor),
        }
    }

    /// Returns when the file has been edited.
    pub(super) fn open(&self, buffer: &EditBuffer) -> Result<()> {
        buffer
            .while_editing(|file| self.run(file))
            .map_err(|error| {
                Failure::new(Code::Failed, error).while_doing("cannot start the editor")
            })
    }

    fn run(&self, file: &Path) -> io::Result<()> {
        let opener = ["open", "-W", "-a"].map(OsString::from);
        let opener = if cfg!(target_os = "macos") && self.blocking {
            &opener[..]
        } else {
            &[]
        };
        let mut words = opener.iter().chain(&self.words);
        let program = words.next().ok_or(io::ErrorKind::NotFound)?;
        let mut command = self.environment.command(program);
        command.args(words).arg(file);
        if !io::stdout().is_terminal() {
            command.stdout(terminal());
        }
        // As in the official CLI, the file counts and not the exit status.
        command.status()?;
        if let (true, Some(process)) = (self.blocking, &self.process) {
            wait::until_gone(process, &self.environment);
        }
        Ok(())
    }
}

/// An editor draws on the terminal even if the output of `ksm` is redirected.
#[expect(clippy::disallowed_methods, reason = "a terminal is no file")]
fn terminal() -> Stdio {
    let terminal = std::fs::OpenOptions::new().write(true).open("/dev/tty");
    match terminal {
        Ok(terminal) if cfg!(unix) => terminal.into(),
        _ => Stdio::inherit(),
    }
}

/// A program with blanks in its name, or one with arguments, such as `code --wait`.
fn words(text: &str, ctx: &Context) -> Vec<OsString> {
    if is_there(text, ctx) {
        return vec![text.into()];
    }
    text.split_whitespace().map(OsString::from).collect()
}

fn is_there(name: &str, ctx: &Context) -> bool {
    let path = ctx.environment.text(names::PATH).map(OsString::from);
    Program::find(name.as_ref(), path.as_deref()).is_ok()
}
