//! Chooses and starts an editor: the one named, else the one in the settings, else that of `EDITOR`, else the first usual
//! one that is installed.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{MAIN_SEPARATOR, Path};
use std::process::Stdio;

use ksm::environment::{ChildEnvironment, OwnConfig, boolean, names};
use ksm::program::{self, Program, ProgramError};

use super::edit_buffer::EditBuffer;
use super::wait;
use crate::commands::context::Context;
use crate::failure::{Code, Failure, Result};

const USUAL: &[&str] = if cfg!(windows) {
    &["code.cmd", "notepad.exe"]
} else {
    &["nano", "vim", "vi", "emacs"]
};

const NAME_ONE: &str = "name one with -e, `ksm config editor --app PROGRAM` or EDITOR";

/// An editor as it was asked for.
struct Wanted {
    line: String,
    blocking: bool,
    process: Option<String>,
}

#[derive(Debug)]
pub(super) struct Editor {
    program: Program,
    /// Without the file.
    arguments: Vec<OsString>,
    /// The program returns before its window is closed.
    blocking: bool,
    /// The process that lives as long as the window.
    process: Option<String>,
    environment: ChildEnvironment,
}

impl Editor {
    pub(super) async fn choose(named: Option<&str>, ctx: &Context) -> Result<Self> {
        let environment = ctx.environment.for_child(OwnConfig::Withheld);
        let plain = |line: &str| Wanted {
            line: line.to_owned(),
            blocking: false,
            process: None,
        };
        let store = ctx.store().await?;
        let setting = |key: &str| {
            let text = store.as_ref().and_then(|store| store.setting(key));
            text.filter(|text| !text.is_empty())
        };
        let wanted = if let Some(named) = named {
            Some(plain(named))
        } else if let Some(set) = store
            .as_deref()
            .and_then(|store| ctx.vouched_setting(store, "editor"))
        {
            Some(Wanted {
                blocking: setting("editor_use_blocking").and_then(boolean) == Some(true),
                process: setting("editor_process_name").map(str::to_owned),
                ..plain(set)
            })
        } else if let Some(variable) = ctx.environment.text(names::EDITOR) {
            Some(plain(&variable))
        } else {
            let usual = USUAL.iter().find(|name| find(name, &environment).is_ok());
            usual.map(|name| Wanted {
                blocking: name.starts_with("code"),
                process: name.starts_with("code").then(|| "code.exe".to_owned()),
                ..plain(name)
            })
        };
        let wanted = wanted
            .ok_or_else(|| Failure::new(Code::Local, "Cannot find an editor.").hint(NAME_ONE))?;
        Self::prepare(wanted, environment)
    }

    fn prepare(wanted: Wanted, environment: ChildEnvironment) -> Result<Self> {
        let (program, arguments) = if cfg!(target_os = "macos") && wanted.blocking {
            // Applications of macOS are no programs of the search path.
            let opener = find("open", &environment)?;
            let words = words(&wanted.line, &environment)?;
            let options = ["-W", "-a"].map(str::to_owned);
            (opener, options.into_iter().chain(words).collect())
        } else {
            let mut words = words(&wanted.line, &environment)?;
            let name = words.remove(0);
            let program = find(&name, &environment).map_err(|error| no_editor(&name, error))?;
            (program, words)
        };
        Ok(Self {
            program,
            arguments: arguments.into_iter().map(OsString::from).collect(),
            blocking: wanted.blocking,
            process: wanted.process,
            environment,
        })
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
        let mut command = self.program.command(&self.environment);
        command.args(&self.arguments).arg(file);
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

/// A program with blanks in its name, or one with arguments, such as `code --wait`. At least one word.
fn words(line: &str, environment: &ChildEnvironment) -> Result<Vec<String>> {
    if find(line, environment).is_ok() {
        return Ok(vec![line.to_owned()]);
    }
    let words = program::words(line).filter(|words| !words.is_empty());
    words.ok_or_else(|| {
        let what = format!("the editor `{line}` is no program with arguments");
        let has_quote = line.contains(['"', '\'', '\\']);
        Failure::new(Code::Local, what).hint(match has_quote {
            true => "each quote needs another that closes it",
            false => "it names a program, as in `vim` or `code --wait`",
        })
    })
}

fn find(name: &str, environment: &ChildEnvironment) -> Result<Program, ProgramError> {
    Program::find(name.as_ref(), |variable| environment.get(variable))
}

fn no_editor(name: &str, error: ProgramError) -> Failure {
    let is_here = matches!(error, ProgramError::NotFound { is_here: true, .. });
    let what = format!("there is no program `{name}` to edit with");
    Failure::new(Code::Local, what).hint(match is_here {
        true => format!("`.{MAIN_SEPARATOR}{name}` is the one in this directory"),
        false => NAME_ONE.to_owned(),
    })
}
