//! `ksm shell`: commands from a prompt or a pipe, with one vault that stays open.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::{ExitCode, ExitStatus};
use std::rc::Rc;
use std::time::Duration;

use ksm::environment::{Environment, OwnConfig};
use ksm::program::Program;

use self::completion::Completion;
use self::interrupts::Interrupts;
use self::lines::Lines;
use super::context::Context;
use super::first_run;
use super::kept::KeptVault;
use crate::cli::shell::ShellArgs;
use crate::cli::{self, Cli, Command, Invocation};
use crate::console::{Console, OutputTarget};
use crate::failure::{Code, Failure, Result};
use crate::render;

mod completion;
mod interrupts;
mod lines;
mod words;

/// Time for a connection to notice that the server closed it while nobody typed.
const NOTICE: Duration = Duration::from_millis(1);

pub(super) async fn shell(
    args: &ShellArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<ExitCode> {
    if let Some(OutputTarget::File(path)) = &ctx.globals.output {
        let path = path.display();
        return Err(Failure::usage(format!(
            "with `-o {path}` before `shell`, each line would overwrite what the one before it wrote"
        ))
        .hint("`-o FILE` goes before the command of the line whose answer the file is to get"));
    }
    check_profile(ctx).await?;
    let mut shell = Shell {
        options: ctx.globals.words.clone(),
        is_ephemeral: first_run::is_ephemeral(ctx)?,
        environment: Rc::clone(&ctx.environment),
        kept: KeptVault::default(),
        interrupts: None,
    };
    let mut lines = Lines::open().map_err(|error| {
        Failure::new(Code::Local, error).while_doing("cannot read the lines of the shell")
    })?;
    if let Lines::Terminal(typed) = &mut lines {
        typed
            .editor
            .set_helper(Some(completion(ctx, &shell.kept).await));
        shell.interrupts = Interrupts::take().ok();
    }
    if !ctx.globals.quiet {
        console.styled(&render::banner(ctx.layout(console)))?;
    }
    let is_typed = matches!(lines, Lines::Terminal(_));
    let mut last = ExitCode::SUCCESS;
    loop {
        let line = lines.next();
        tokio::time::sleep(NOTICE).await;
        let ended = match line {
            Ok(None) => break,
            Ok(Some(line)) => match shell.run(&line).await {
                Ok(Step::Quit) => break,
                Ok(Step::Nothing) => continue,
                Ok(Step::Done(code)) => Ok(code),
                Err(failure) => Err(failure),
            },
            Err(failure) => Err(failure),
        };
        let code = match ended {
            Ok(code) => code,
            Err(failure) if failure.is_broken_pipe() => break,
            Err(failure) => {
                console.report(&failure);
                failure.exit_code()
            }
        };
        if args.fail && code != ExitCode::SUCCESS {
            return Ok(code);
        }
        last = code;
    }
    // Whoever types has seen it.
    Ok(if is_typed { ExitCode::SUCCESS } else { last })
}

/// Fails for the name of no profile, where there are profiles.
async fn check_profile(ctx: &Context) -> Result<()> {
    let Some(wanted) = ctx.profile_name(None) else {
        return Ok(());
    };
    if let Some(store) = ctx.discover(Some(&wanted)).await?.store
        && !store.names().is_empty()
    {
        store.choose(Some(&wanted))?;
    }
    Ok(())
}

async fn completion(ctx: &Context, kept: &KeptVault) -> Completion {
    // A line that needs a profile tells what is wrong with its store.
    let found = ctx.discover(None).await.ok();
    let store = found.and_then(|found| found.store);
    let names = store.map_or(Vec::new(), |store| store.names());
    Completion {
        profiles: names.iter().map(ToString::to_string).collect(),
        titles: Rc::clone(&kept.titles),
    }
}

/// `quit` outside a shell.
pub(super) fn nothing_to_quit() -> Failure {
    Failure::usage("there is no shell to quit").hint("`ksm shell` starts one")
}

struct Shell {
    /// The options that were typed before `shell`.
    options: Vec<OsString>,
    /// The profile is in memory only.
    is_ephemeral: bool,
    environment: Rc<Environment>,
    kept: KeptVault,
    /// On a terminal.
    interrupts: Option<Interrupts>,
}

enum Step {
    /// A line without a command.
    Nothing,
    Done(ExitCode),
    Quit,
}

impl Shell {
    async fn run(&mut self, line: &str) -> Result<Step> {
        let line = line.trim();
        if line.starts_with('#') {
            return Ok(Step::Nothing);
        }
        if let Some(line) = line.strip_prefix('!') {
            return self.system(line).map(Step::Done);
        }
        // The words of the official shell for itself.
        let line = line.strip_prefix(':').unwrap_or(line);
        let words = words::words(line).map_err(|open| {
            Failure::usage(open).hint("`'…'` and `\"…\"` hold a word that has blanks")
        })?;
        let words = match words.split_first() {
            None => return Ok(Step::Nothing),
            // By habit.
            Some((first, rest)) if first == "ksm" && !rest.is_empty() => rest,
            Some(_) => &words[..],
        };
        let mut console = Console::for_process();
        let parsed = cli::parse_line(&self.options, words);
        let cli = match parsed.map_err(|failure| advised(failure, words))? {
            Invocation::Show(text) => {
                console.data(text)?;
                return Ok(Step::Done(ExitCode::SUCCESS));
            }
            Invocation::NeedsCommand(help) => {
                console.report(&help);
                return Ok(Step::Done(Code::Usage.into()));
            }
            Invocation::Run(cli) => cli,
        };
        match &cli.command {
            Command::Quit(_) => return Ok(Step::Quit),
            Command::Shell(_) => {
                return Err(Failure::usage("this is the shell").hint("`quit` leaves it"));
            }
            command if command.runs_a_program() => return self.ourselves(words).map(Step::Done),
            _ => {}
        }
        let mut interrupts = self.interrupts.take();
        let interrupted = async {
            match &mut interrupts {
                Some(interrupts) => interrupts.next().await,
                None => std::future::pending().await,
            }
        };
        let ended = tokio::select! {
            biased;
            ended = self.command(*cli, &mut console) => ended,
            () = interrupted => Err(Failure::new(Code::Failed, "interrupted")),
        };
        self.interrupts = interrupts;
        let code = ended.map_err(|failure| advised(failure, words))?;
        console.finish()?;
        Ok(Step::Done(code))
    }

    async fn command(&mut self, cli: Cli, console: &mut Console) -> Result<ExitCode> {
        let environment = Rc::clone(&self.environment);
        // Boxed, since a command may be a shell.
        Box::pin(super::run_line(
            cli,
            environment,
            Some(&mut self.kept),
            console,
        ))
        .await
    }

    /// Runs a command that stays with a program in a process of its own: there it takes over signals and the terminal for
    /// good.
    fn ourselves(&self, words: &[String]) -> Result<ExitCode> {
        if self.is_ephemeral {
            return Err(Failure::usage(
                "a program cannot be started from a shell whose profile is in memory only",
            )
            .hint("`ksm exec` starts it, or `ksm profile init` keeps a profile"));
        }
        let status = Environment::this_program()
            .and_then(|mut program| program.args(&self.options).args(words).status());
        ended(status, "cannot start ksm for this line")
    }

    fn system(&self, line: &str) -> Result<ExitCode> {
        let name = if cfg!(windows) { "cmd.exe" } else { "/bin/sh" };
        let environment = self.environment.for_child(OwnConfig::Withheld);
        let program = Program::find(OsStr::new(name), |variable| environment.get(variable))?;
        let mut command = program.command(&environment);
        #[cfg(unix)]
        command.args(["-c", line]);
        // It has rules of its own for quotes, and takes away the outermost.
        #[cfg(windows)]
        std::os::windows::process::CommandExt::raw_arg(&mut command, format!("/S /C \"{line}\""));
        ended(command.status(), "cannot start the shell of the system")
    }
}

/// A failure of words that have a meaning to the shells of systems only has that reason.
fn advised(failure: Failure, words: &[String]) -> Failure {
    let marks = ["|", "||", "&&", "&", ";", ">", ">>", "<", "2>"];
    let is_mark = |word: &String| marks.contains(&&**word) || word.ends_with(';');
    match words.iter().any(is_mark) {
        true => failure.hint(
            "nothing is redirected or chained here: `-o FILE` before a command writes a file, and `! ksm …` hands a line to \
             the shell of the system",
        ),
        false => failure,
    }
}

/// Gives the exit code of a shell.
fn ended(status: io::Result<ExitStatus>, trouble: &str) -> Result<ExitCode> {
    let status = status.map_err(|error| Failure::new(Code::Failed, error).while_doing(trouble))?;
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let code = u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128));
        return Ok(code.into());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
